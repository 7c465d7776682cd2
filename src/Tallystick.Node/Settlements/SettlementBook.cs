using Tallystick.Client;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Settlements;
using Tallystick.Core.Tabs;
using Tallystick.Node.Api;
using Tallystick.Node.Ledgers;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Settlements;

/// <summary>Finds, lists and describes settlements, open and past, from the pages that carry their lines.</summary>
internal sealed class SettlementBook(NodeParts node)
{
    // Enough for people who argue; the newest decide. All that a proposer said is always there.
    private const int MostAnswers = 256;

    private const int MostWithOneName = 8;

    private readonly QueuedSettlements queued = new(node);

    /// <summary>Newest proposal first; what is queued comes before all others.</summary>
    /// <param name="peer">Only those with this peer, or null.</param>
    /// <param name="onlyOpen">Only those to which something can still happen.</param>
    /// <param name="before">Only older ones.</param>
    /// <param name="most">At most so many, and what is queued.</param>
    public SettlementList List(StoredPeer? peer, bool onlyOpen, StoredPlace before, int most)
    {
        var tabs = node.TabsOf(peer).ToDictionary(pair => pair.Tab.Terms.Id, pair => (pair.Peer.Name, pair.Tab));
        var waiting = before == StoredPlace.End
            ? tabs.Values.SelectMany(pair => queued.Of(pair.Tab, pair.Name))
            : [];
        var found = onlyOpen
            ? Open(tabs.Values, before).Take(most + 1).ToList()
            : Newest(tabs, before, most + 1);
        var next = found.Count > most ? PlaceOf(found[most - 1]) : (StoredPlace?)null;
        return new SettlementList(
            [.. waiting, .. found.Take(most).Select(Describe)],
            next is { } place ? $"{place.Sequence}.{place.Line}" : null);
    }

    /// <summary>The one that was typed: a name or a unique beginning, a request id, or an exact name.</summary>
    public Answer<KnownSettlement> Find(string typed)
    {
        var (name, _) = SettlementName.Split(typed);
        var matches = Matches(name);
        // Of several with one name, the one that is open is meant.
        if (matches.Count > 1 && matches.Count(match => !match.IsOver) == 1)
            matches.RemoveAll(match => match.IsOver);
        return matches switch
        {
            [var only] => only,
            [] => Problems.Unknown(
                "unknown-settlement", $"No settlement has the id {Peers.PeerNames.Printable(typed)}."),
            _ => Problems.BadInput("which-settlement", Which(matches)),
        };
    }

    /// <summary>The settlement that stands there.</summary>
    public KnownSettlement? Find(TabView tab, ObjectKey key, int mostAnswers = MostAnswers)
    {
        var lines = node.Store.ReadSettlementLines(tab.Terms.Id, key, mostAnswers);
        return lines is [{ Line: ProposeLine }, ..]
            ? new KnownSettlement(node.TabOf(tab.Terms.Id) ?? tab, node.NameOf(tab), lines)
            : null;
    }

    /// <summary>The settlement that a stored line is about, or null.</summary>
    public KnownSettlement? FindByLine(TabView tab, Party author, Ref line) =>
        node.Store.FindSettlement(tab.Terms.Id, author, line) is { } key ? Find(tab, key) : null;

    /// <summary>The settlement that an unsigned line of this node is about, or null.</summary>
    public KnownSettlement? FindMeant(TabView tab, Line line) => line switch
    {
        ModifyLine modify => Find(tab, new ObjectKey(tab.Me, modify.Settlement)),
        WithdrawLine withdraw => Find(tab, new ObjectKey(tab.Me, withdraw.Settlement)),
        ReceivedLine received => FindByLine(tab, tab.Me, received.Revision),
        AcceptLine accept => FindByLine(tab, tab.Me.Other(), accept.Revision),
        DisputeLine dispute => FindByLine(tab, tab.Me.Other(), dispute.Revision),
        _ => null,
    };

    /// <summary>How it stands.</summary>
    public static SettlementInfo Describe(KnownSettlement known)
    {
        var shown = known.Shown;
        var amount = AmountText.Format(shown.Amount.Units, known.Asset);
        return new SettlementInfo(
            known.Id,
            SettlementName.KeyOf(known.Tab.Terms.Id, known.Key),
            known.Peer,
            known.Asset.Code,
            known.IsAsk,
            known.IsMine,
            known.IsPaying,
            amount,
            NullIfEmpty(shown.Method),
            NullIfEmpty(shown.Reference),
            known.ShownNumber,
            known.State,
            SettlementText.Title(
                known.Peer, known.IsAsk, known.IsMine, known.IsPaying, amount, known.Asset.Code, shown),
            SettlementText.Standing(known),
            known.IsSeen,
            known.IsSafeToTransfer,
            [.. known.Moves.Select(SettlementText.NameOf)],
            DateTimeOffset.FromUnixTimeMilliseconds(known.Lines[0].Stored.StoredMs));
    }

    /// <summary>How it stands, with all that was said of it.</summary>
    public SettlementDetail Detail(KnownSettlement known)
    {
        var (before, after) = SettlementBalance.Of(known);
        var answers = known.Lines.Count(line => line.Page.Author != known.Record.Proposer);
        return new SettlementDetail(
            Describe(known),
            [.. known.Lines.Select(line => Step(known, line))],
            LeftOut: answers == MostAnswers,
            AmountText.Format(before, known.Asset),
            AmountText.Format(after, known.Asset),
            [.. TwinsOf(known).Select(twin => twin.Id)],
            QueuedSettlements.About(known));
    }

    /// <summary>Other open settlements that may stand for the same money.</summary>
    public IReadOnlyList<KnownSettlement> TwinsOf(KnownSettlement known) => known.IsOver
        ? []
        : [
            .. Twins.Of(known.Tab.Snapshot.Mine, known.Record)
                .Select(twin => Find(known.Tab, new ObjectKey(twin.Proposer, twin.Ref)))
                .OfType<KnownSettlement>(),
        ];

    private static SettlementStep Step(KnownSettlement known, StoredLine line)
    {
        var number = SettlementTrail.NumberOf(known.Record, KnownSettlement.Of(line));
        var revision = number == 0 ? null : known.Record.Revisions[number - 1];
        return new SettlementStep(
            DateTimeOffset.FromUnixTimeMilliseconds(line.Stored.StoredMs),
            line.Page.Author == known.Tab.Me,
            SettlementText.KindOf(line.Line),
            number,
            revision is null ? null : AmountText.Format(revision.Amount.Units, known.Asset),
            LineText.Of(line.Line, known.Asset).Text,
            known.IsConfirmed(line),
            line.Page.Number,
            line.Index,
            line.Stored.Page.Hash.ToString(),
            Convert.ToHexStringLower(line.Stored.Page.Signature.Span));
    }

    private List<KnownSettlement> Newest(
        Dictionary<TabId, (string Name, TabView Tab)> tabs, StoredPlace before, int most) =>
        [
            .. node.Store.ReadNewestSettlements([.. tabs.Keys], before, most)
                .Select(stored => Find(tabs[stored.Tab].Tab, stored.Key, mostAnswers: 1))
                .OfType<KnownSettlement>(),
        ];

    // The fold of a tab records whatever is open, and by the rules that is not much.
    private IEnumerable<KnownSettlement> Open(IEnumerable<(string Name, TabView Tab)> tabs, StoredPlace before) =>
        from pair in tabs
        from settlement in pair.Tab.Snapshot.Mine.Settlements
        where !settlement.Value.IsClosed
        let known = Find(pair.Tab, settlement.Key, mostAnswers: 1)
        where known is not null
        let place = PlaceOf(known)
        where (place.Sequence, place.Line).CompareTo((before.Sequence, before.Line)) < 0
        orderby place.Sequence descending, place.Line descending
        select known;

    private static StoredPlace PlaceOf(KnownSettlement known) =>
        new(known.Lines[0].Stored.Sequence, known.Lines[0].Index);

    private List<KnownSettlement> Matches(string name)
    {
        if (SettlementName.TryReadKey(name, out var tabBeginning, out var key))
        {
            var tab = node.Ledger.Tabs.FirstOrDefault(
                tab => tab.Terms.Id.ToString().StartsWith(tabBeginning, StringComparison.Ordinal));
            return tab is not null && Find(tab, key) is { } exact ? [exact] : [];
        }
        var isFull = RequestId.TryParse(name, out var id);
        if (!SettlementName.TryReadBeginning(isFull ? SettlementName.Of(id) : name, out var first, out var last))
            return [];
        return
        [
            .. from stored in node.Store.FindSettlements(first, last, MostWithOneName)
               let tab = node.TabOf(stored.Tab)
               where tab is not null
               let known = Find(tab, stored.Key)
               where known is not null && (!isFull || known.Proposal == id)
               select known,
        ];
    }

    private static string Which(List<KnownSettlement> matches) =>
        "Several settlements have that id; their exact names are "
        + string.Join(", ", matches.Select(each =>
            $"{SettlementName.KeyOf(each.Tab.Terms.Id, each.Key)} ({each.Id} with {each.Peer})")) + ".";

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
