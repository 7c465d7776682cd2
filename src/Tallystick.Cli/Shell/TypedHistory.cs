using System.Text;

namespace Tallystick.Cli.Shell;

/// <summary>What was typed, kept between runs in a file that only its owner can read.</summary>
internal sealed class TypedHistory
{
    /// <summary>Enough to find last week's command; a small file for ever.</summary>
    public const int MostLines = 1000;

    private readonly string? path;
    private readonly List<string> lines = [];

    /// <param name="path">The file, or null to keep nothing. A file that cannot be read counts as empty.</param>
    public TypedHistory(string? path)
    {
        this.path = path;
        try
        {
            if (path is not null && File.Exists(path))
                lines.AddRange(File.ReadLines(path).Where(line => line.Length > 0).TakeLast(MostLines));
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            // Not worth a word: the shell works as well without it.
        }
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<string> Lines => lines;

    public void Add(string line)
    {
        if (string.IsNullOrWhiteSpace(line) || (lines.Count > 0 && lines[^1] == line))
            return;
        lines.Add(line);
        if (lines.Count > MostLines)
            lines.RemoveAt(0);
    }

    /// <summary>Writes the file beside its place and moves it there, so that it is never half written.</summary>
    public void Save()
    {
        if (path is null)
            return;
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            var beside = path + ".new";
            File.Delete(beside);
            using (var writer = new StreamWriter(beside, new UTF8Encoding(false), options))
            {
                foreach (var line in lines)
                    writer.WriteLine(line);
            }
            File.Move(beside, path, overwrite: true);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            // A full or read-only disk must not keep anybody from leaving.
        }
    }
}
