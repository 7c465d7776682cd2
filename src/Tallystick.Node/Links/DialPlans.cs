using Tallystick.Core.Identity;
using Tallystick.Core.Links;

namespace Tallystick.Node.Links;

/// <summary>
/// Every address to dial, found by its peer and by when it is due, whatever their number. Used by the hub's loop alone.
/// </summary>
/// <param name="wantsDial">Whether this peer is to be dialled, as far as its links say.</param>
internal sealed class DialPlans(LinkLimits limits, Func<PublicKey, bool> wantsDial)
{
    private readonly DueTimes<DialPlan> due = new();
    private readonly Dictionary<PublicKey, List<DialPlan>> byKey = [];
    private readonly HashSet<DialPlan> unpinned = [];
    private HashSet<DialPlan> all = [];

    /// <summary>When an address is to be dialled next, in milliseconds, or null.</summary>
    public long? DueMs => due.NextMs;

    /// <summary>Those whose key nobody knows yet.</summary>
    public IEnumerable<DialPlan> Unpinned => unpinned;

    /// <summary>Those of a peer.</summary>
    public IReadOnlyList<DialPlan> Of(PublicKey peer) => byKey.GetValueOrDefault(peer) ?? [];

    public bool Contains(DialPlan plan) => all.Contains(plan);

    /// <summary>An address that is to be dialled now, or null.</summary>
    public DialPlan? Next(long nowMs) => due.TryFind(nowMs, out var plan) ? plan : null;

    /// <summary>Keeps the plans of addresses that stay, with their waits.</summary>
    public void Set(IReadOnlyCollection<DialTarget> targets)
    {
        var before = all.ToLookup(plan => plan.Address, StringComparer.Ordinal);
        var after = new HashSet<DialPlan>(targets.Count);
        foreach (var target in targets)
        {
            var plan = before[target.Address].FirstOrDefault(plan => Agree(plan.Key, target.Key))
                ?? new DialPlan(target, limits, Look);
            plan.Update(target);
            after.Add(plan);
        }
        foreach (var gone in all.Where(plan => !after.Contains(plan)))
            due.Set(gone, null);
        all = after;
        byKey.Clear();
        unpinned.Clear();
        foreach (var plan in all)
        {
            Index(plan);
            Look(plan);
        }
    }

    /// <summary>The key was proven there.</summary>
    public void Pin(DialPlan plan, PublicKey key)
    {
        if (plan.Key == key)
            return;
        if (plan.Key is { } other)
            byKey.GetValueOrDefault(other)?.Remove(plan);
        unpinned.Remove(plan);
        plan.Key = key;
        if (all.Contains(plan))
            Index(plan);
        Look(plan);
    }

    /// <summary>The links of a peer are others now.</summary>
    public void Look(PublicKey peer)
    {
        foreach (var plan in Of(peer))
            Look(plan);
    }

    private void Look(DialPlan plan)
    {
        var isWanted = all.Contains(plan) && plan.Dialling is null && (plan.Key is not { } key || wantsDial(key));
        due.Set(plan, isWanted ? plan.NextMs : null);
    }

    private void Index(DialPlan plan)
    {
        if (plan.Key is not { } key)
            unpinned.Add(plan);
        else if (byKey.TryGetValue(key, out var plans))
            plans.Add(plan);
        else
            byKey[key] = [plan];
    }

    private static bool Agree(PublicKey? one, PublicKey? other) => one is null || other is null || one == other;
}
