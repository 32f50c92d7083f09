using Sinter.Text.Templates.Values;

namespace Sinter.Text.Templates.Functions;

/// <summary>What a filter makes of a value.</summary>
internal delegate object? Filter(TemplateRun run, object? value, Arguments arguments);

/// <summary>Whether a test holds for a value.</summary>
internal delegate bool ValueTest(object? value, Arguments arguments);
