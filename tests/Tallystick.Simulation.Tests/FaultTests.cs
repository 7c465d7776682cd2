using Tallystick.Simulation.Faults;

namespace Tallystick.Simulation.Tests;

public sealed class FaultTests
{
    [Theory]
    [InlineData("accepts a stale revision")]
    [InlineData("counts a settlement twice")]
    [InlineData("takes pages back and asks for them again")]
    [InlineData("shows too little risk while a limit is cut")]
    [InlineData("skips the sync")]
    [InlineData("sends before the commit")]
    public void A_planted_fault_is_found(string name)
    {
        var fault = FaultHunt.All.Single(planted => planted.Name == name);
        var core = new FaultyCore(fault);

        var found = core.Play(fault, 60, TimeSpan.FromMinutes(1));
        core.Unload();

        Assert.NotNull(found);
    }

    [Fact]
    public void Every_planted_fault_still_has_its_place_in_the_sources()
    {
        Assert.True(FaultHunt.All.Count >= 40);
        Assert.All(FaultsInCore.All, fault => FaultyCore.CheckPlace(fault));
    }

    [Fact]
    public void Without_a_fault_nothing_is_found()
    {
        var none = new FaultInDriver("none", Slip.None);
        var core = new FaultyCore(none);

        Assert.Null(core.Play(none, 10, TimeSpan.FromMinutes(1)));
        core.Unload();
    }

    [Fact]
    public void What_breaks_is_shrunk_to_a_short_story_that_breaks_in_the_same_way()
    {
        var fault = FaultHunt.All.Single(planted => planted.Name == "sends before the commit");
        var core = new FaultyCore(fault);

        var (kind, events, story) = core.Shrink(fault, seed: 0);
        core.Unload();

        Assert.Equal("before-durable", kind);
        Assert.True(story.Split('\n').Length < 40, $"{events} events became:\n{story}");
    }
}
