using Tallystick.Client;
using Tallystick.Node.Web.Charts;
using Tallystick.Node.Web.Parts;

namespace Tallystick.Node.Web.Overview;

/// <summary>Where the owner stands in one asset.</summary>
/// <param name="Asset">The asset's code.</param>
/// <param name="Assets">Every asset that there are tabs in.</param>
/// <param name="Net">All balances together, signed decimal text.</param>
/// <param name="Owed">What peers owe.</param>
/// <param name="OwedBy">By how many.</param>
/// <param name="Owing">What this node owes.</param>
/// <param name="OwingTo">To how many.</param>
/// <param name="CanSpend">What may still be paid under all limits, where there are any.</param>
/// <param name="Unlimited">How many peers set no limit.</param>
/// <param name="Peers">Every peer, with its tab in this asset if there is one.</param>
/// <param name="Strangers">Who knocked.</param>
/// <param name="Chart">The net balance over time.</param>
/// <param name="Latest">What happened last, newest first.</param>
/// <param name="Paid">The payment that was just made here, or null.</param>
public sealed record OverviewModel(
    string Asset,
    IReadOnlyList<string> Assets,
    string Net,
    string Owed,
    int OwedBy,
    string Owing,
    int OwingTo,
    string CanSpend,
    int Unlimited,
    IReadOnlyList<PeerRow> Peers,
    IReadOnlyList<Stranger> Strangers,
    ChartModel Chart,
    IReadOnlyList<EntryModel> Latest,
    Payment? Paid);

/// <summary>A peer in the list.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Online">Whether it is connected.</param>
/// <param name="Trouble">Why it is not, one sentence, or null.</param>
/// <param name="Tab">Its tab, or null while it was never met.</param>
/// <param name="Bar">Where the balance stands between the limits.</param>
public sealed record PeerRow(string Name, bool Online, string? Trouble, TabBalance? Tab, LimitBar? Bar);
