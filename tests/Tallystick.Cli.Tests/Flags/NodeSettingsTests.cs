using Tallystick.Cli.Flags;

namespace Tallystick.Cli.Tests.Flags;

public sealed class NodeSettingsTests
{
    [Fact]
    public void The_short_form_listens_on_every_address_and_dials_the_other_port_here()
    {
        var options = NodeSettings.ForPorts(new GivenFlags { Data = "books" }, ["5000"]);
        Assert.Equal(("peer-5000", 5000, null), (options.Name, options.ListenPort, options.ListenAddress));
        Assert.Equal([((string?)null, "localhost:5001")], options.Peers);
    }

    [Fact]
    public void Two_nodes_in_short_form_never_share_a_folder()
    {
        var one = NodeSettings.ForPorts(new GivenFlags(), ["5000", "5001"]);
        var two = NodeSettings.ForPorts(new GivenFlags(), ["5001", "5000"]);
        Assert.EndsWith(Path.Combine("tallystick", "peer-5000"), one.DataFolder);
        Assert.EndsWith(Path.Combine("tallystick", "peer-5001"), two.DataFolder);
    }

    [Theory]
    [InlineData("5002", null, 5002)]
    [InlineData("127.0.0.1:0", "127.0.0.1", 0)]
    [InlineData("[::1]:7", "::1", 7)]
    [InlineData("localhost:7", "127.0.0.1", 7)]
    [InlineData("off", null, null)]
    public void Where_to_listen_is_a_port_an_address_with_a_port_or_off(string text, string? address, int? port)
    {
        var options = NodeSettings.ForUp(new GivenFlags { Name = "alice", Listen = text });
        Assert.Equal((address, port), (options.ListenAddress, options.ListenPort));
    }

    [Fact]
    public void Relays_have_a_port_of_their_own_and_are_named_once()
    {
        var flags = new GivenFlags { Name = "alice", Relays = ["Relay.Example", "relay.example:7000", "[::1]:7001"] };
        Assert.Equal(["relay.example:7000", "[::1]:7001"], NodeSettings.ForUp(flags).Relays);
        OneSentence(flags with { Relays = ["relay.example:0"] });
    }

    [Fact]
    public void A_demo_over_a_relay_takes_any_name_listens_nowhere_and_names_a_word_that_no_other_node_names()
    {
        var flags = new GivenFlags { Data = "books", Relays = ["localhost"] };
        var options = NodeSettings.ForRelayedDemo(flags, "carol");
        Assert.Equal(("carol", null, false), (options.Name, options.ListenPort, options.Nearby));
        Assert.EndsWith(Path.Combine("demo", "relayed", "carol"), options.DataFolder);
        Assert.NotNull(options.MeetingWord);
        Assert.Null(NodeSettings.ForUp(flags with { Name = "carol" }).MeetingWord);
        Assert.Null(NodeSettings.ForDemo(flags, "alice", 5000).MeetingWord);
    }

    [Theory]
    [InlineData(null, false, true)]
    [InlineData("off", false, true)]
    [InlineData("192.0.2.7:5000", false, true)]
    [InlineData("localhost:5000", false, false)]
    [InlineData(null, true, false)]
    public void The_local_network_is_looked_at_unless_hidden_or_on_loopback(string? listen, bool hidden, bool nearby)
    {
        var flags = new GivenFlags { Name = "alice", Listen = listen, Hidden = hidden };
        Assert.Equal(nearby, NodeSettings.ForUp(flags).Nearby);
    }

    [Fact]
    public void A_node_is_offline_only_if_somebody_says_so()
    {
        Assert.True(NodeSettings.ForUp(new GivenFlags { Name = "alice", Offline = true }).Offline);
        Assert.False(NodeSettings.ForUp(new GivenFlags { Name = "alice" }).Offline);
    }

    [Theory]
    [InlineData("off", null, 0)]
    [InlineData("0", null, null)]
    [InlineData("8080", null, 8080)]
    [InlineData("localhost:8080", null, 8080)]
    [InlineData("0.0.0.0:8080", "0.0.0.0", 8080)]
    [InlineData("[::1]:8080", "::1", 8080)]
    [InlineData("*:8080", "::", 8080)]
    [InlineData(null, null, null)]
    public void The_pages_are_off_or_on_a_free_or_named_port_of_loopback_or_a_named_address(
        string? text, string? address, int? port)
    {
        var options = NodeSettings.ForUp(new GivenFlags { Name = "alice", Web = text });
        Assert.Equal((address, port), (options.WebAddress, options.WebPort));
    }

    [Fact]
    public void A_public_address_is_a_scheme_and_a_host_and_nothing_else()
    {
        var flags = new GivenFlags { Name = "alice", PublicUrl = "https://tally.example" };
        Assert.Equal("https://tally.example/", NodeSettings.ForUp(flags).PublicUrl!.ToString());
        Assert.All(
            ["tally.example", "ftp://tally.example", "https://tally.example/path", "https://a:b@tally.example", ""],
            text => OneSentence(flags with { PublicUrl = text }));
    }

    [Theory]
    [InlineData("99999")]
    [InlineData("-1")]
    [InlineData("5e3")]
    [InlineData("example.org:5000")]
    [InlineData("::1:5000")]
    [InlineData("")]
    public void What_cannot_be_listened_on_is_refused_in_one_sentence(string text) =>
        OneSentence(new GivenFlags { Name = "alice", Listen = text });

    [Theory]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("-x")]
    [InlineData("two words")]
    [InlineData("")]
    [InlineData("bell\a")]
    public void A_name_that_is_a_path_or_no_word_is_refused(string name) => OneSentence(new GivenFlags { Name = name });

    [Theory]
    [InlineData("h:0")]
    [InlineData("h:65536")]
    [InlineData(":5000")]
    [InlineData("../x=h:1")]
    [InlineData("h:5e3")]
    public void A_peer_without_a_good_address_is_refused(string peer) =>
        OneSentence(new GivenFlags { Name = "alice", Peers = [peer] });

    [Theory]
    [InlineData("EUR/10")]
    [InlineData("E U R/2")]
    [InlineData("/2")]
    [InlineData("ABCDEFGHIJKLM/2")]
    public void An_asset_out_of_bounds_is_refused(string asset) =>
        OneSentence(new GivenFlags { Name = "alice", Assets = [asset] });

    [Fact]
    public void A_node_that_keeps_nothing_has_a_folder_of_its_own_each_time()
    {
        var flags = new GivenFlags { Name = "alice", Temp = true };
        Assert.NotEqual(NodeSettings.ForUp(flags).DataFolder, NodeSettings.ForUp(flags).DataFolder);
        Assert.True(NodeSettings.ForUp(flags).Temporary);
    }

    private static void OneSentence(GivenFlags flags)
    {
        var refused = Assert.Throws<UsageException>(() => NodeSettings.ForUp(flags));
        Assert.DoesNotContain('\n', refused.Message);
        Assert.DoesNotContain('\a', refused.Message);
    }
}
