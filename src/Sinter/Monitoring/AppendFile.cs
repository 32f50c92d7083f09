namespace Sinter.Monitoring;

/// <summary>
/// A file that only grows, behind a buffer that reaches the system about once a second, so that others can follow it live and a step costs no system
/// call. Errors name the file and say how to go on.
/// </summary>
internal sealed class AppendFile : IDisposable
{
    private static readonly TimeSpan FlushEvery = TimeSpan.FromSeconds(1);

    private readonly FileStream _stream;
    private readonly TimeProvider _time;
    private byte[] _buffer = new byte[8192];
    private int _count;
    private long _flushed;
    private bool _failed;

    /// <summary>Opens <paramref name="path"/> at its end, creating it when it is not there (<paramref name="mustBeNew"/>: it must not be).</summary>
    public AppendFile(string path, TimeProvider time, bool mustBeNew = false)
    {
        Path = path;
        _time = time;
        try
        {
            var mode = mustBeNew ? FileMode.CreateNew : FileMode.OpenOrCreate;
            _stream = new FileStream(path, mode, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
            if (_stream.CanSeek) _stream.Seek(0, SeekOrigin.End);
        }
        catch (Exception e) when (e is UnauthorizedAccessException || (e is IOException && !(mustBeNew && File.Exists(path))))
        {
            throw new SinterException($"Can't open {path} for writing: {e.Message} Check the folder's permissions and that no other run uses it.", e);
        }
        _flushed = time.GetTimestamp();
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The stream below the buffer, for reading what is there before anything is appended.</summary>
    public Stream Stream => _stream;

    /// <summary>Room for <paramref name="length"/> bytes at the end; <see cref="Advance"/> says how many were used.</summary>
    public Span<byte> Reserve(int length)
    {
        if (_buffer.Length - _count < length) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _count + length));
        return _buffer.AsSpan(_count);
    }

    /// <summary>Takes the first <paramref name="length"/> reserved bytes.</summary>
    public void Advance(int length) => _count += length;

    /// <summary>Makes the next bytes replace the last <paramref name="length"/>, wherever these are. At least as many must follow, since the file is
    /// not shortened.</summary>
    public void StepBack(int length)
    {
        if (_count >= length) _count -= length;
        else if (_count == 0) _stream.Seek(-length, SeekOrigin.Current);
        else throw new InvalidOperationException("The bytes to replace are partly written.");
    }

    /// <summary>Hands all but the last <paramref name="hold"/> bytes to the system if about a second has passed since the last time.</summary>
    public void FlushIfDue(int hold)
    {
        if (_count > hold && _time.GetElapsedTime(_flushed) >= FlushEvery) Write(_count - hold);
    }

    /// <summary>Hands everything to the system, and with <paramref name="toDisk"/> waits until it is on the disk.</summary>
    public void Flush(bool toDisk)
    {
        Write(_count);
        if (!toDisk) return;
        Guarded(static (stream, _) => stream.Flush(flushToDisk: true), default);
    }

    private void Write(int length)
    {
        if (length > 0) Guarded(static (stream, bytes) => stream.Write(bytes.Span), _buffer.AsMemory(0, length));
        _buffer.AsSpan(length, _count - length).CopyTo(_buffer);
        _count -= length;
        _flushed = _time.GetTimestamp();
    }

    private void Guarded(Action<FileStream, ReadOnlyMemory<byte>> action, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            action(_stream, bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _failed = true;
            throw new SinterException($"Can't write to {Path}: {e.Message} The newest checkpoint is intact; free the disk, then resume the run.", e);
        }
    }

    /// <summary>Writes what is left and closes the file; after a failed write it only closes, so that the first error is the one that is
    /// seen.</summary>
    public void Dispose()
    {
        try
        {
            if (!_failed && _stream.CanWrite) Flush(toDisk: false);
        }
        finally
        {
            _stream.Dispose();
        }
    }
}
