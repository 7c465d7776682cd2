namespace Tallystick.Processes.Programs;

/// <summary>The words that start a program that was built: itself, or the runtime with its assembly.</summary>
internal static class BuiltProgram
{
    /// <summary>What starts an executable or an assembly.</summary>
    public static IReadOnlyList<string> WordsFor(string file) =>
        Path.GetExtension(file) == ".dll" ? ["dotnet", file] : [file];

    /// <summary>The program in a folder: its assembly, else its executable; or null.</summary>
    public static string? In(string folder) =>
        ((string[])["tallystick.dll", "tallystick"])
            .Select(name => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
}
