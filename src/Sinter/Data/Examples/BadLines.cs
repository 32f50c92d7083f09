using System.Globalization;

namespace Sinter.Data.Examples;

/// <summary>Collects what is wrong with the lines of data files, so that all of it is said at once.</summary>
internal sealed class BadLines
{
    private const int MostShown = 20;

    private readonly List<string> _shown = [];
    private long _count;

    /// <summary>Something is wrong with a line.</summary>
    public void Add(string file, long line, string what) => Add(string.Create(CultureInfo.InvariantCulture, $"{file}:{line}"), what);

    /// <summary>Something is wrong at a place.</summary>
    public void Add(string place, string what)
    {
        if (_count++ < MostShown) _shown.Add($"{place}: {what}");
    }

    /// <summary>Throws what was found.</summary>
    /// <exception cref="DataException">There was something.</exception>
    public void Throw()
    {
        if (_count > _shown.Count) _shown.Add(string.Create(CultureInfo.InvariantCulture, $"and {_count - _shown.Count} lines more"));
        if (_count > 0) throw new DataException(string.Join('\n', _shown));
    }
}
