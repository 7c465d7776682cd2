using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Tests.Scenarios;

/// <summary>The orders in which two chains can be merged: each page comes after the page that it has seen.</summary>
internal static class Orders
{
    /// <summary>One order of the first pages of each chain; where both may go next, <paramref name="choose"/> is
    /// asked, and 0 stands for <paramref name="first"/>.</summary>
    public static IEnumerable<EncodedPage> One(
        TwoChains chains, int zeros, int ones, Party first, Func<int, int> choose)
    {
        int[] ends = [zeros, ones];
        int[] at = [0, 0];
        while (at[0] < ends[0] || at[1] < ends[1])
        {
            var (may, mayOther) = (Fits(chains, at, ends, first), Fits(chains, at, ends, first.Other()));
            Assert.True(may || mayOther);
            var next = may && (!mayOther || choose(2) == 0) ? first : first.Other();
            yield return chains.Of(next)[at[(int)next]++];
        }
    }

    /// <summary>Every order of both whole chains, up to <paramref name="most"/> of them.</summary>
    public static IEnumerable<ICollection<EncodedPage>> All(TwoChains chains, int most)
    {
        int[] ends = [chains.Of(Party.Zero).Count, chains.Of(Party.One).Count];
        return Extend(chains, [0, 0], ends, []).Take(most);
    }

    private static IEnumerable<ICollection<EncodedPage>> Extend(
        TwoChains chains, int[] at, int[] ends, List<EncodedPage> sofar)
    {
        if (at[0] == ends[0] && at[1] == ends[1])
        {
            yield return sofar;
            yield break;
        }
        foreach (var party in new[] { Party.Zero, Party.One })
        {
            if (!Fits(chains, at, ends, party))
                continue;
            var page = chains.Of(party)[at[(int)party]];
            int[] then = [at[0] + (party == Party.Zero ? 1 : 0), at[1] + (party == Party.One ? 1 : 0)];
            foreach (var order in Extend(chains, then, ends, [.. sofar, page]))
                yield return order;
        }
    }

    private static bool Fits(TwoChains chains, int[] at, int[] ends, Party party) =>
        at[(int)party] < ends[(int)party]
        && chains.Of(party)[at[(int)party]].Page.Seen.Number <= at[(int)party.Other()];
}
