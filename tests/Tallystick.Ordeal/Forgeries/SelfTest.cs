using Tallystick.Ordeal.Checking;

namespace Tallystick.Ordeal.Forgeries;

/// <summary>
/// Checks the checker: every way of tampering with the books of a run that went well must be reported, by the claim
/// that it breaks.
/// </summary>
internal static class SelfTest
{
    /// <summary>Gives one line for each tampering that was not reported, and says how many there were.</summary>
    public static (int Tried, IReadOnlyList<string> Missed) Run(string books, string scratch)
    {
        var missed = new List<string>();
        if (BooksCheck.Run(Copy(books, scratch)) is { Holds: false } broken)
            missed.Add($"an untouched copy: {broken.Findings[0]}");
        var tried = 0;
        foreach (var tampering in Tamperings.All)
        {
            var copy = Copy(books, scratch);
            tampering.Do(Victim.Choose(copy));
            var found = BooksCheck.Run(copy).Findings.Select(finding => finding.Kind).ToHashSet(StringComparer.Ordinal);
            tried++;
            if (!found.Contains(tampering.Claim))
                missed.Add($"{tampering.Name}: {tampering.Claim} was not reported, but [{string.Join(", ", found)}]");
        }
        Directory.Delete(scratch, recursive: true);
        return (tried, missed);
    }

    private static string Copy(string books, string scratch)
    {
        if (Directory.Exists(scratch))
            Directory.Delete(scratch, recursive: true);
        foreach (var home in Directory.GetDirectories(books))
        {
            var target = Directory.CreateDirectory(Path.Combine(scratch, Path.GetFileName(home))).FullName;
            foreach (var file in Directory.GetFiles(home).Where(IsOfTheBook))
                File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }
        foreach (var file in Directory.GetFiles(books))
            File.Copy(file, Path.Combine(scratch, Path.GetFileName(file)));
        return scratch;
    }

    private static bool IsOfTheBook(string file) =>
        Path.GetFileName(file) is var name
        && (name == "key" || name.StartsWith(Book.FileName, StringComparison.Ordinal));
}
