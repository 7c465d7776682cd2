using Tallystick.Simulation.Runs;
using Tallystick.Simulation.Worlds;

namespace Tallystick.Simulation.Tests;

public sealed class EpisodeTests
{
    [Fact]
    public void Whatever_happens_in_forty_worlds_nothing_is_lost_or_done_twice()
    {
        var counts = new Counts();
        for (var seed = 0; seed < 40; seed++)
            counts.Add(new Episode(seed).Play());

        Assert.Equal(40, counts.Worlds);
        Assert.True(counts.Crashes > 1_000, $"{counts.Crashes} crashes");
        Assert.True(counts.Races > 100, $"{counts.Races} races");
        Assert.True(counts.Restores > 50, $"{counts.Restores} restores");
        Assert.True(counts.Freezes > 0, $"{counts.Freezes} freezes");
        Assert.True(counts.Rests > 100, $"{counts.Rests} rests");
    }

    [Fact]
    public void A_seed_decides_everything()
    {
        var (first, second) = (new Episode(7) { Trace = [] }, new Episode(7) { Trace = [] });
        first.Play();
        second.Play();

        Assert.Equal(first.Trace, second.Trace);
        Assert.Equal(first.World.Counts.Pages, second.World.Counts.Pages);
        Assert.Equal(first.World.Counts.Ends, second.World.Counts.Ends);
    }

    [Fact]
    public void A_story_reads_as_it_was_written_and_plays_again()
    {
        var episode = new Episode(3) { Trace = [] };
        episode.Play();
        var story = new Replay(episode.Plan, episode.Trace, AtOnce: false);

        var read = ScenarioText.Read(ScenarioText.Write(story, "Seed 3").Split('\n'));

        Assert.Equal(story.Ops, read.Ops);
        Assert.Equal(story.Plan.Tabs, read.Plan.Tabs);
        Assert.Null(read.Run());
    }

    [Fact]
    public void Every_kept_story_comes_to_rest()
    {
        var stories = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "simulated"), "*.txt");

        Assert.NotEmpty(stories);
        Assert.All(stories, file => Assert.Null(ScenarioText.Read(File.ReadAllLines(file)).Run()));
    }
}
