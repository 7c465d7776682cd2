namespace Tallystick.Core.Tests;

/// <summary>Where the sources are, for tests that read them.</summary>
internal static class RepositoryRoot
{
    public static string Path { get; } = Find();

    public static string Join(params string[] parts) => System.IO.Path.Join([Path, .. parts]);

    private static string Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(System.IO.Path.Join(at.FullName, "Tallystick.slnx")))
                return at.FullName;
        }
        throw new InvalidOperationException("These tests run inside of the repository: Tallystick.slnx was not found.");
    }
}
