using Tallystick.Client;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Settlements;
using Tallystick.Core.Tabs;
using Tallystick.Node.Ledgers;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Settlements;

/// <summary>A settlement as this node knows it from its stored lines.</summary>
/// <param name="Tab">Its tab.</param>
/// <param name="Peer">The other's name.</param>
/// <param name="Lines">Its lines, oldest first; of the answers at least the newest.</param>
internal sealed record KnownSettlement(TabView Tab, string Peer, IReadOnlyList<StoredLine> Lines)
{
    /// <summary>What the lines add up to.</summary>
    public Settlement Record { get; } = SettlementTrail.Fold(Tab.Terms.Id, Lines.Select(Of));

    public Asset Asset => Tab.Terms.Asset;

    public bool IsMine => Record.Proposer == Tab.Me;

    public bool IsPaying => Record.Payer == Tab.Me;

    /// <summary>Its proposer laid the money out for the other.</summary>
    public bool IsAsk => Record.Payer == Record.Proposer && Record.Newest.Method == SettlementMethods.Ask;

    public ObjectKey Key => new(Record.Proposer, Record.Ref);

    public RequestId Proposal => Lines[0].Line.RequestId;

    /// <summary>The revision that counts: the booked one, else the newest.</summary>
    public Revision Shown => SettlementTrail.Shown(Record);

    public int ShownNumber => SettlementTrail.NumberOf(Record, Shown.Ref);

    public string Id => SettlementName.Of(Proposal, ShownNumber);

    /// <summary>Whether it was open when a reset of the tab ended it.</summary>
    public bool IsEnded =>
        !Record.IsClosed
        && Tab.Snapshot.Resets is [.., var reset]
        && reset.Reset.Of(Record.Proposer).First > Record.Ref.Page;

    /// <summary>Nothing can happen to it any more.</summary>
    public bool IsOver => Record.IsClosed || IsEnded;

    public string State => IsEnded ? SettlementStates.Ended : Record.Status() switch
    {
        SettlementStatus.Settled => SettlementStates.Settled,
        SettlementStatus.Withdrawn => SettlementStates.Withdrawn,
        SettlementStatus.Agreed => SettlementStates.Agreed,
        SettlementStatus.Disputed => SettlementStates.Disputed,
        _ => SettlementStates.Proposed,
    };

    /// <summary>Whether the peer has confirmed every line of this node.</summary>
    public bool IsSeen => Lines.All(IsConfirmed);

    /// <summary>
    /// The payer may transfer: it is agreed, and the receiver has seen that, so that it can no longer change the
    /// amount without asking anew.
    /// </summary>
    public bool IsSafeToTransfer =>
        !IsOver && IsPaying && Record.Status() == SettlementStatus.Agreed && Newest<AcceptLine>() is { } accepted
        && IsConfirmed(accepted);

    public static TrailLine Of(StoredLine line) => new(line.Page.Author, line.At, line.Line);

    /// <summary>Whether the line is the peer's, or one that the peer has confirmed.</summary>
    public bool IsConfirmed(StoredLine line) =>
        line.Page.Author != Tab.Me || line.Page.Number <= Tab.SeenByPeer;

    /// <summary>The newest line of a kind, or null.</summary>
    public StoredLine? Newest<T>()
        where T : Line =>
        Lines.LastOrDefault(line => line.Line is T);

    /// <summary>The line that booked it, or null.</summary>
    public StoredLine? Booking => Record.Booked is null
        ? null
        : Lines.First(line => line.Page.Author == Record.Receiver && line.Line is AcceptLine or ReceivedLine);

    /// <summary>What may be done now.</summary>
    public IReadOnlyList<SettlementMove> Moves => IsOver
        ? []
        : SettlementMoves.Possible(Tab.Snapshot.Mine, Record, Tab.Me, Tab.Snapshot.Freeze is not null);
}
