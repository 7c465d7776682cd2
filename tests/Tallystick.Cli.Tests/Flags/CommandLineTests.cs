using Tallystick.Cli.Flags;

namespace Tallystick.Cli.Tests.Flags;

public sealed class CommandLineTests
{
    [Fact]
    public void Flags_may_stand_anywhere_and_the_words_keep_their_order()
    {
        var (flags, words) = Parse("--name", "alice", "pay", "--json", "bob", "10", "for", "lunch", "--wait");
        Assert.Equal(["pay", "bob", "10", "for", "lunch"], words);
        Assert.Equal(("alice", true, true, false), (flags.Name, flags.Json, flags.Wait, flags.Plain));
    }

    [Fact]
    public void A_number_below_zero_and_an_at_sign_are_words()
    {
        Assert.Equal(["pay", "@bob", "-5"], Parse("pay", "@bob", "-5").Words);
    }

    [Fact]
    public void After_a_lone_double_dash_everything_is_a_word()
    {
        Assert.Equal(["pay", "bob", "1", "for", "--fun", "--json"],
            Parse("pay", "bob", "1", "--", "for", "--fun", "--json").Words);
    }

    [Fact]
    public void A_flag_that_a_command_knows_stays_among_its_words()
    {
        Assert.Equal(["peer", "remove", "bob", "--force"], Parse("peer", "remove", "bob", "--force").Words);
    }

    [Fact]
    public void A_mistyped_flag_is_refused_with_the_nearest_one()
    {
        var refused = Assert.Throws<UsageException>(() => Parse("up", "--lisen", "5000"));
        Assert.Equal("There is no flag --lisen; did you mean --listen?", refused.Message);
    }

    [Fact]
    public void A_flag_without_its_value_is_refused()
    {
        Assert.Contains("--peer", Assert.Throws<UsageException>(() => Parse("up", "--peer")).Message);
    }

    [Fact]
    public void Flags_that_may_be_repeated_are()
    {
        var (flags, words) = Parse(
            "up", "--peer", "bob=h:1", "--asset", "EUR/2", "--relay", "r", "--peer", "carol=h:2", "--relay", "s:7001");
        Assert.Equal(["bob=h:1", "carol=h:2"], flags.Peers);
        Assert.Equal(["EUR/2"], flags.Assets);
        Assert.Equal(["r", "s:7001"], flags.Relays);
        Assert.Equal(["up"], words);
    }

    [Fact]
    public void The_environment_speaks_where_nothing_was_typed()
    {
        var environment = new Dictionary<string, string>
        {
            ["TALLYSTICK_NAME"] = "alice",
            ["TALLYSTICK_PEER"] = "bob=h:1, carol=h:2",
            ["TALLYSTICK_JSON"] = "yes",
            ["TALLYSTICK_PLAIN"] = "0",
            ["TALLYSTICK_WEB"] = "",
        };
        var (flags, _) = CommandLine.Parse(["--name", "anna"], name => environment.GetValueOrDefault(name));
        Assert.Equal("anna", flags.Name);
        Assert.Equal(["bob=h:1", "carol=h:2"], flags.Peers);
        Assert.Equal((true, false, null), (flags.Json, flags.Plain, flags.Web));
    }

    [Fact]
    public void A_switch_in_the_environment_is_on_or_off_and_nothing_else()
    {
        var refused = Assert.Throws<UsageException>(
            () => CommandLine.Parse([], name => name == "TALLYSTICK_TEMP" ? "maybe" : null));
        Assert.Equal("TALLYSTICK_TEMP is either 1 or 0.", refused.Message);
    }

    private static CommandLine Parse(params string[] arguments) =>
        CommandLine.Parse(arguments, _ => null);
}
