namespace Tallystick.Exhaustive.Tests;

/// <summary>The exploration with small bounds, and that it notices what is wrong.</summary>
public sealed class ExhaustiveTests
{
    public static TheoryData<string> WrongNames => [.. WrongSoftware.All.Select(wrong => wrong.Name)];

    [Fact]
    public void Nothing_is_violated_by_three_pages_and_three_lines()
    {
        var findings = new Exploration(new Software(), new Bounds(3, 3)).Run();
        Assert.Empty(findings.Violations);
        Assert.Empty(Summary.KindsNeverValid(findings));
    }

    [Theory]
    [MemberData(nameof(WrongNames))]
    public void Wrong_software_is_noticed(string name)
    {
        var (_, law, software) = WrongSoftware.All.Single(wrong => wrong.Name == name);
        var findings = new Exploration(software, new Bounds(4, 4) { MostViolations = 1, OnlyLaw = law }).Run();
        Assert.Equal(law, Assert.Single(findings.Violations).Law);
    }
}
