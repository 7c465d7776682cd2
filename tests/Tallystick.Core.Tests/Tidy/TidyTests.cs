namespace Tallystick.Core.Tests.Tidy;

/// <summary>What a reviewer should not have to say.</summary>
public sealed class TidyTests
{
    private const int MaxColumns = 120;
    private const int MaxLinesOfASource = 500;

    // Put together, so that this file does not find itself.
    private static readonly string[] Unfinished = ["TO" + "DO", "FIX" + "ME"];

    [Fact]
    public void No_line_is_longer_than_120_columns() =>
        AssertNone(from line in Lines("src", "tests") where line.Text.Length > MaxColumns select line.Place);

    [Fact]
    public void No_line_holds_a_tab() =>
        AssertNone(from line in Lines("src", "tests") where line.Text.Contains('\t') select line.Place);

    [Fact]
    public void Nothing_is_marked_as_unfinished() => AssertNone(
        from line in Lines("src", "tests")
        where Unfinished.Any(word => line.Text.Contains(word, StringComparison.Ordinal))
        select line.Place);

    [Fact]
    public void No_source_is_longer_than_500_lines() => AssertNone(
        from file in Sources("src") where File.ReadLines(file).Count() > MaxLinesOfASource select Relative(file));

    [Fact]
    public void The_sources_are_found() =>
        Assert.Contains(Sources("src"), file => file.EndsWith("Page.cs", StringComparison.Ordinal));

    private static void AssertNone(IEnumerable<string> places) => Assert.Empty(places);

    private static IEnumerable<(string Text, string Place)> Lines(params string[] folders) =>
        from folder in folders
        from file in Sources(folder)
        from line in File.ReadLines(file).Index()
        select (line.Item, $"{Relative(file)}:{line.Index + 1}");

    private static IEnumerable<string> Sources(string folder) =>
        from file in Directory.EnumerateFiles(RepositoryRoot.Join(folder), "*.cs", SearchOption.AllDirectories)
        let parts = Relative(file).Split(Path.DirectorySeparatorChar)
        where !parts.Contains("obj") && !parts.Contains("bin")
        select file;

    private static string Relative(string file) => Path.GetRelativePath(RepositoryRoot.Path, file);
}
