using Tallystick.Node.Web.Parts;

namespace Tallystick.Node.Web.Activities;

/// <summary>A page of the history.</summary>
/// <param name="Filter">What was asked for.</param>
/// <param name="Peers">Whom one can choose.</param>
/// <param name="Entries">Newest first.</param>
/// <param name="Older">The address of what is older, or null.</param>
/// <param name="Newest">The address of the newest, or null on it.</param>
/// <param name="LookedBackTo">How far was looked when not all of it could be, or null.</param>
public sealed record ActivityModel(
    ActivityFilter Filter,
    IReadOnlyList<string> Peers,
    IReadOnlyList<EntryModel> Entries,
    string? Older,
    string? Newest,
    string? LookedBackTo);
