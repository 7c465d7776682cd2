using System.Globalization;

namespace Tallystick.Client;

/// <summary>The answers to the commonest commands, read without the serializer: see <see cref="PlainJson"/>.</summary>
internal static class PlainAnswers
{
    public static Balances? Balances(byte[] json) => PlainJson.Parse(json) is { } answer
        ? new Balances(answer.List("tabs", Tab)!, answer.List("totals", Total)!)
        : null;

    public static Peers? Peers(byte[] json) => PlainJson.Parse(json) is { } answer
        ? new Peers(answer.List("known", Peer)!, answer.List("strangers", Stranger)!)
        : null;

    public static NodeInfo? Node(byte[] json) => PlainJson.Parse(json) is { } node
        ? new NodeInfo(
            node.Text("name")!,
            node.Text("fingerprint")!,
            node.Text("key")!,
            node.Text("version")!,
            node.Text("listen"),
            node.Text("web"),
            node.Text("dataFolder")!,
            node.Texts("assets")!,
            node.Text("signIn"),
            node.List("relays", Relay),
            node.IsTrue("offline"))
        : null;

    public static Payment? Payment(byte[] json) => PlainJson.Parse(json) is { } payment
        ? new Payment(
            payment.Text("id")!,
            payment.Text("requestId")!,
            payment.Text("peer")!,
            payment.Text("amount")!,
            payment.Text("asset")!,
            payment.Text("memo"),
            payment.Text("state")!,
            payment.Text("reason"),
            payment.Text("refusal"),
            payment.IsTrue("wasOwing"))
        : null;

    private static TabBalance Tab(PlainJson tab) => new(
        tab.Text("peer")!,
        tab.Text("asset")!,
        tab.Text("balance")!,
        tab.Text("queued")!,
        tab.Text("canPay"),
        tab.Text("peerCanPay"),
        tab.Text("myLimit"),
        tab.Text("peerLimit"),
        tab.Text("worstCase")!,
        tab.Text("peerWorstCase"),
        tab.IsTrue("online"),
        tab.Text("frozen"),
        tab.IsTrue("opened"));

    private static AssetTotal Total(PlainJson total) => new(total.Text("asset")!, total.Text("balance")!);

    private static Peer Peer(PlainJson peer) => new(
        peer.Text("name")!,
        peer.Text("fingerprint"),
        peer.Text("address"),
        peer.Text("claimedName"),
        peer.IsTrue("online"),
        peer.Text("trouble"),
        peer.IsTrue("nameIsClaim"),
        peer.Text("nameWarning"));

    private static Stranger Stranger(PlainJson stranger) => new(
        stranger.Text("fingerprint")!,
        stranger.Text("claimedName")!,
        stranger.Text("address")!,
        Time(stranger.Text("lastSeen")),
        stranger.Text("nameWarning"));

    private static RelayInfo Relay(PlainJson relay) => new(
        relay.Text("address")!, relay.IsTrue("connected"), relay.Text("reach")!);

    private static DateTimeOffset Time(string? text) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time)
        ? time
        : throw new FormatException("The answer has a time that is none.");
}
