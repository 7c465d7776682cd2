using System.Text.Json;
using System.Xml.Linq;

namespace Tallystick.Core.Tests.Tidy;

/// <summary>docs/DEPENDENCIES.md says what the program is built from; the lock files know it.</summary>
public sealed class DependencyTests
{
    private static readonly Dictionary<string, List<(string Name, string Version)>> Told = ReadPage();

    [Fact]
    public void What_the_program_is_built_from_is_what_the_page_says() => Assert.Equal(
        Sorted([.. Told["In the program"], .. Told["To build"]]), Sorted(Locked("src")));

    [Fact]
    public void What_tests_and_benchmarks_add_is_what_the_page_says()
    {
        var program = Locked("src").ToHashSet();
        var added = Locked("tests").Concat(Locked("bench")).Where(package => !program.Contains(package));
        Assert.Equal(Sorted(Told["Only in tests"]), Sorted(added));
    }

    [Fact]
    public void Every_version_that_is_set_is_told()
    {
        var set = XDocument.Load(RepositoryRoot.Join("Directory.Packages.props")).Descendants("PackageVersion")
            .Select(version => ((string)version.Attribute("Include")!, (string)version.Attribute("Version")!))
            .ToList();
        Assert.NotEmpty(set);
        Assert.All(set, version => Assert.Contains(version, Told.Values.SelectMany(section => section)));
    }

    [Fact]
    public void Every_package_has_a_reason() => Assert.All(
        Rows(File.ReadLines(RepositoryRoot.Join("docs", "DEPENDENCIES.md"))), cells =>
            Assert.True(cells is [_, _, { Length: > 5 }], string.Join(" | ", cells)));

    private static string[] Sorted(IEnumerable<(string Name, string Version)> packages) =>
        [.. packages.Select(package => $"{package.Name} {package.Version}").Distinct().Order(StringComparer.Ordinal)];

    private static Dictionary<string, List<(string Name, string Version)>> ReadPage()
    {
        var sections = new Dictionary<string, List<(string, string)>>(StringComparer.Ordinal);
        var section = new List<(string, string)>();
        foreach (var line in File.ReadLines(RepositoryRoot.Join("docs", "DEPENDENCIES.md")))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
                sections[line[3..]] = section = [];
            else if (Rows([line]).SingleOrDefault() is { } cells)
                section.Add((cells[0], cells[1]));
        }
        return sections;
    }

    private static IEnumerable<string[]> Rows(IEnumerable<string> lines) =>
        from line in lines
        where line.StartsWith('|')
        let cells = line.Trim('|').Split('|', StringSplitOptions.TrimEntries)
        where cells[0] is not ("Package" or "---")
        select cells;

    private static IEnumerable<(string Name, string Version)> Locked(string folder) =>
        from file in Directory.EnumerateFiles(
            RepositoryRoot.Join(folder), "packages.lock.json", SearchOption.AllDirectories)
        where !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
        from framework in Read(file).GetProperty("dependencies").EnumerateObject()
        from package in framework.Value.EnumerateObject()
        where package.Value.GetProperty("type").GetString() != "Project"
        select (package.Name, package.Value.GetProperty("resolved").GetString()!);

    private static JsonElement Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        return document.RootElement.Clone();
    }
}
