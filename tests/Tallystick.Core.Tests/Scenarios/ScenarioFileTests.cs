namespace Tallystick.Core.Tests.Scenarios;

/// <summary>Plays every file of vectors/scenarios.</summary>
public sealed class ScenarioFileTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "vectors", "scenarios");

    public static TheoryData<string> Files() =>
        [.. Directory.GetFiles(Folder, "*.txt").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void The_file_comes_out_as_it_says(string file)
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, file));
        Action<string> play = lines.Any(line => line.Trim() == "on two nodes")
            ? new NodeScenario().Play
            : new PageScenario().Play;
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Split('#')[0].Trim();
            if (line.Length == 0)
                continue;
            try
            {
                play(line);
            }
            catch (Exception broken)
            {
                throw new InvalidOperationException($"{file}:{i + 1}: {line}", broken);
            }
        }
    }

    [Fact]
    public void Every_scenario_of_the_protocol_has_a_file() =>
        Assert.Equal(
            Enumerable.Range(1, 20).Select(number => $"{number:00}"),
            Files().Select(row => row.Data[..2]).Where(start => int.TryParse(start, out _)).Distinct());
}
