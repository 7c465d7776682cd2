namespace Tallystick.Node.Tests.Storage;

/// <summary>A data folder of its own for one test, gone when the test ends.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("tallystick-").FullName;

    public string Book => System.IO.Path.Combine(Path, "book.db");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
