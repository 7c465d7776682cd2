namespace Tallystick.Bench.Results;

/// <summary>The tree that this program was built in.</summary>
internal static class Repository
{
    /// <summary>Its folder.</summary>
    /// <exception cref="InvalidOperationException">The program was taken away from it.</exception>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Tallystick.slnx")))
                return folder.FullName;
        }
        throw new InvalidOperationException($"{from} is not in the tree of the project.");
    }
}
