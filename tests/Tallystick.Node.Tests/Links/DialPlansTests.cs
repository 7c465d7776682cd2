using Tallystick.Core.Identity;
using Tallystick.Node.Identity;
using Tallystick.Node.Links;

namespace Tallystick.Node.Tests.Links;

public sealed class DialPlansTests
{
    private readonly HashSet<PublicKey> linked = [];
    private readonly DialPlans plans;

    public DialPlansTests() => plans = new DialPlans(new LinkLimits(), key => !linked.Contains(key));

    [Fact]
    public void An_address_is_due_until_it_is_dialled_and_again_when_that_failed()
    {
        plans.Set([new DialTarget("a:1", null)]);
        var plan = plans.Next(0)!;
        plan.Dialling = 1;
        Assert.Null(plans.Next(long.MaxValue));
        Assert.Null(plans.DueMs);
        plan.Failed(1_000);
        Assert.Null(plans.DueMs);
        plan.Dialling = null;
        Assert.Equal(plan.NextMs, plans.DueMs);
        Assert.Null(plans.Next(plan.NextMs - 1));
        Assert.Same(plan, plans.Next(plan.NextMs));
    }

    [Fact]
    public void A_peer_that_is_linked_is_not_dialled()
    {
        var key = NewKey();
        plans.Set([new DialTarget("a:1", null), new DialTarget("b:1", key)]);
        linked.Add(key);
        plans.Look(key);
        var open = Assert.Single(plans.Unpinned);
        Assert.Same(open, plans.Next(0));
        plans.Pin(open, key);
        Assert.Empty(plans.Unpinned);
        Assert.Equal(2, plans.Of(key).Count);
        Assert.Null(plans.DueMs);
        linked.Clear();
        plans.Look(key);
        Assert.NotNull(plans.Next(0));
    }

    [Fact]
    public void An_address_that_stays_keeps_its_wait_and_one_that_goes_is_not_due_whatever_happens_to_it()
    {
        plans.Set([new DialTarget("a:1", null), new DialTarget("b:1", null)]);
        var gone = plans.Unpinned.Single(plan => plan.Address == "a:1");
        var kept = plans.Unpinned.Single(plan => plan.Address == "b:1");
        kept.Failed(5_000);
        plans.Set([new DialTarget("b:1", NewKey())]);
        gone.Hasten(1);
        plans.Pin(gone, NewKey());
        Assert.False(plans.Contains(gone));
        Assert.Equal(kept.NextMs, plans.DueMs);
        Assert.Same(kept, Assert.Single(plans.Of(kept.Key!.Value)));
        Assert.Empty(plans.Of(gone.Key!.Value));
    }

    private static PublicKey NewKey()
    {
        using var identity = NodeIdentity.CreateFresh();
        return identity.Key;
    }
}
