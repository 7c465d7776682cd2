using Tallystick.Core.Identity;
using Tallystick.Core.Invites;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Node.Ledgers;

namespace Tallystick.Node.Invites;

/// <summary>
/// The limit of an invitation. It is asked for before the other becomes a peer, so that no tab ever opens without it:
/// the first page of a chain carries the limit that waits. On a tab that is there already it follows the older one.
/// </summary>
internal static class InviteLimit
{
    private static ReadOnlySpan<byte> Tag => "tab-invite-limit/1"u8;

    /// <summary>Asks for the limit; asking again with the same token changes nothing.</summary>
    public static async Task AskAsync(
        Ledger ledger, PublicKey peer, InviteToken token, Asset asset, CreditLimit limit, DateTimeOffset now)
    {
        if (limit.IsNone && Of(ledger, peer, asset).IsNone)
            return;
        var tab = ledger.OpenTab(peer, asset).Terms.Id;
        var id = IdOf(token);
        var line = new LimitLine(id, limit);
        var intent = new Intent(id, [line], now.ToUnixTimeMilliseconds(), ExpiresMs: null);
        await ledger.AskAsync(tab, intent, CancellationToken.None);
    }

    /// <summary>The most that a peer may owe this node once everything that waits is written.</summary>
    public static CreditLimit Of(Ledger ledger, PublicKey peer, Asset asset)
    {
        if (ledger.Tabs.FirstOrDefault(each => each.PeerKey == peer && each.Terms.Asset == asset) is not { } tab)
            return CreditLimit.None;
        var mine = tab.Snapshot.Mine.Of(tab.Me);
        return tab.State.Waiting.SelectMany(intent => intent.Lines).OfType<LimitLine>().LastOrDefault()?.Limit
            ?? (mine.HasLimit ? mine.Limit : CreditLimit.None);
    }

    /// <summary>Takes back a limit that waits, of an invitation that was refused or replaced.</summary>
    public static async Task CancelAsync(Ledger ledger, PublicKey peer, InviteToken token)
    {
        var id = IdOf(token);
        foreach (var tab in ledger.Tabs.Where(each => each.PeerKey == peer && Waits(each, id)))
            await ledger.CancelAsync(tab.Terms.Id, id, CancellationToken.None);
    }

    private static bool Waits(TabView tab, RequestId id) =>
        tab.State.Waiting.Any(intent => intent.RequestId == id);

    private static RequestId IdOf(InviteToken token) =>
        RequestId.FromBytes(Hash.Of([.. Tag, .. token.Value.ToArray()]).ToArray().AsSpan(..RequestId.Size));
}
