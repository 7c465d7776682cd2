using Tallystick.Client;
using Tallystick.Core.Money;
using Tallystick.Core.Tabs;
using Tallystick.Node.Hosting;
using Tallystick.Node.Ledgers;

namespace Tallystick.Bench;

/// <summary>A node in this process that pays and one in another that is paid, linked and ready.</summary>
internal sealed class Pair : IAsyncDisposable
{
    private Pair(NodeHost node, PaidPeer peer) => (Node, Peer) = (node, peer);

    /// <summary>The payer.</summary>
    public NodeHost Node { get; }

    /// <summary>Whoever is paid.</summary>
    public PaidPeer Peer { get; }

    /// <summary>Payments that the payer made on its first tab.</summary>
    public long Payments => -Node.Ledger.Tabs.First().Balance;

    /// <summary>Pages that the payer wrote on its first tab, receipts included.</summary>
    public long Pages => Node.Ledger.Tabs.First() is var tab ? tab.Snapshot.Mine.Of(tab.Me).Head.Number : 0;

    /// <summary>Pays on every tab in turn.</summary>
    public Load Load => new(
        [.. Node.Ledger.Tabs.Select(tab => new PaidTab(Node.Ledger, tab))], () => Peer.ProcessorTime);

    /// <summary>Starts both, on folders that may have a book already.</summary>
    /// <param name="payerFolder">The payer's data folder; it stays.</param>
    /// <param name="peerFolder">The other's, or null for one that does not stay.</param>
    /// <param name="tabs">How many tabs they have, each in an asset of its own.</param>
    /// <param name="relay">The relay through which alone they reach each other, or null for a direct link.</param>
    public static async Task<Pair> StartAsync(
        string payerFolder, string? peerFolder = null, int tabs = 1, string? relay = null)
    {
        var node = await NodeHost.StartAsync(
            new NodeOptions
            {
                Name = "payer",
                DataFolder = payerFolder,
                ListenAddress = "127.0.0.1",
                ListenPort = relay is null ? 0 : null,
                Relays = relay is null ? [] : [relay],
                Assets = AssetsOf(tabs),
            },
            CancellationToken.None);
        var address = relay is null
            ? $"127.0.0.1:{node.ListenEndPoint!.Port}"
            : $"relay:{relay}/{node.Fingerprint}";
        var peer = await PaidPeer.StartAsync(address, tabs, peerFolder, relay);
        using var client = TallystickClient.OverUnixSocket(node.SocketPath, node.Token);
        await client.AddPeerAsync(new AddPeerRequest("paid", peer.Address));
        while (node.Ledger.Tabs.Count < tabs || !node.Ledger.Tabs.All(CanPay))
            await Task.Delay(20);
        return new Pair(node, peer);
    }

    /// <summary>The default asset, and so many others that there are this many.</summary>
    public static IReadOnlyList<Asset> AssetsOf(int count) =>
    [
        Asset.Credits,
        .. Enumerable.Range(1, count - 1).Select(i =>
            Asset.TryCreate($"asset{i}", 2, out var asset) ? asset : throw new InvalidOperationException()),
    ];

    /// <summary>Whether the peer is there and has said how much this node may owe.</summary>
    public static bool CanPay(TabView tab) =>
        tab.Ready && tab.Snapshot.Mine.Of(tab.Me.Other()).HasLimit;

    public async ValueTask DisposeAsync()
    {
        await Peer.DisposeAsync();
        await Node.DisposeAsync();
    }
}
