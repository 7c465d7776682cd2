using Tallystick.Cli.Sentences;
using Tallystick.Client;

namespace Tallystick.Cli.Tests.Sentences;

public sealed class NearbySentencesTests
{
    private const string Fingerprint = "ABCD-EFGH-IJKL-MNOP-QRST-UVWX-YZ23-4567";
    private static readonly NearbyPeer Bob = new("bob", Fingerprint, "192.0.2.7:5000", "jupig bikan jitah lamog", null);

    [Fact]
    public void A_stranger_nearby_comes_with_four_words_and_what_to_type()
    {
        var lines = NearbySentences.Of(new Nearby(true, [Bob]));
        Assert.Equal($"bob  {Fingerprint} at 192.0.2.7:5000", lines[0]);
        Assert.Equal("  jupig bikan jitah lamog", lines[1]);
        Assert.EndsWith("accept ABCD-EFGH", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_peer_nearby_needs_no_words()
    {
        var lines = NearbySentences.Of(new Nearby(true, [Bob with { Peer = "robert" }]));
        Assert.Equal($"robert  {Fingerprint} at 192.0.2.7:5000  your peer", Assert.Single(lines));
    }

    [Fact]
    public void An_empty_network_and_one_that_is_not_looked_at_are_told_apart()
    {
        var empty = Assert.Single(NearbySentences.Of(new Nearby(true, [])));
        var hidden = Assert.Single(NearbySentences.Of(new Nearby(false, [])));
        Assert.Contains("Nobody else", empty, StringComparison.Ordinal);
        Assert.Contains("--hidden", hidden, StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_is_offline_is_told_so_at_the_start_and_by_whoami()
    {
        var node = new NodeInfo(
            "alice", Fingerprint, "02", "1", Listen: null, Web: null, "books", ["credits/2"], Offline: true);
        Assert.Contains(NoticeSentences.Offline, NoticeSentences.WhoIsHere(node));
        Assert.Contains(NoticeSentences.Offline, AnswerSentences.WhoAmI(node));
        Assert.DoesNotContain(NoticeSentences.Offline, NoticeSentences.WhoIsHere(node with { Offline = false }));
    }

    [Fact]
    public void Whoami_tells_the_address_through_a_relay_once_it_is_there()
    {
        var relay = new RelayInfo("relay.example:7000", Connected: true, $"relay:relay.example:7000/{Fingerprint}");
        var node = new NodeInfo(
            "alice", Fingerprint, "02", "1", Listen: null, Web: null, "books", ["credits/2"], SignIn: null, [relay]);
        Assert.Contains(AnswerSentences.WhoAmI(node), line => line.Contains(relay.Reach, StringComparison.Ordinal));
        var off = AnswerSentences.WhoAmI(node with { Relays = [relay with { Connected = false }] });
        Assert.DoesNotContain(off, line => line.Contains(relay.Reach, StringComparison.Ordinal));
        Assert.Contains(off, line => line.Contains("tried again", StringComparison.Ordinal));
    }
}
