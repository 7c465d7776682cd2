namespace Tallystick.Fuzz.Tests;

public sealed class FuzzOptionsTests
{
    [Fact]
    public void Time_target_folder_and_seed_are_read()
    {
        var options = FuzzOptions.Read(["--hours", "2", "--target", "page", "--keep", "found", "--seed", "9"]);

        Assert.Equal(new FuzzOptions(TimeSpan.FromHours(2), 9, "page", "found", null), options);
        Assert.True(options!.Needs("page"));
        Assert.False(options.Needs("api"));
    }

    [Fact]
    public void One_input_is_replayed_on_its_target_alone()
    {
        var options = FuzzOptions.Read(["--replay", "loop", "00ff"]);

        Assert.Equal([0, 255], options!.Replay!);
        Assert.True(options.Needs("loop"));
        Assert.False(options.Needs("page"));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--seconds")]
    [InlineData("--seconds", "soon")]
    [InlineData("--hours", "99999999999")]
    [InlineData("--hours", "2000000000")]
    [InlineData("--target", "pages")]
    [InlineData("--replay", "page")]
    [InlineData("--replay", "page", "zz")]
    public void What_makes_no_sense_is_refused(params string[] args) => Assert.Null(FuzzOptions.Read(args));
}
