using Tallystick.Client;
using Tallystick.Node.Web.Overview;
using Tallystick.Node.Web.Parts;
using Tallystick.Node.Web.Payments;

namespace Tallystick.Node.Web.Standings;

/// <summary>One peer.</summary>
/// <param name="Peer">Who it is.</param>
/// <param name="Tabs">Every tab with it, and where each stands between its limits.</param>
/// <param name="Latest">What happened last, newest first.</param>
/// <param name="Paid">The payment that was just made here, or null.</param>
public sealed record PeerModel(
    Peer Peer, IReadOnlyList<PeerTab> Tabs, IReadOnlyList<EntryModel> Latest, Payment? Paid);

/// <summary>A tab with the peer.</summary>
public sealed record PeerTab(TabBalance Balance, LimitBar Bar);

/// <summary>The page of a peer and what stands in its forms.</summary>
public sealed record PeerView(PeerModel Peer, PayFormModel Pay, LimitFormModel Limit);

/// <summary>The form that sets a limit.</summary>
/// <param name="Typed">What stands in it.</param>
/// <param name="Problem">Why it was refused, one sentence, or null.</param>
public sealed record LimitFormModel(string? Typed, string? Problem);
