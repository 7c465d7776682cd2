using Tallystick.Core.Tabs;
using Tallystick.Core.Tests.Scenarios;

namespace Tallystick.Core.Tests.Properties;

/// <summary>
/// The state of every pair of prefixes that contain what they have seen. Each is reached from every neighbour that is
/// one page shorter; when those agree everywhere, all merge orders of the two chains agree.
/// </summary>
internal sealed class Cuts
{
    private readonly Fold?[,] folds;
    private readonly TwoChains chains;

    public Cuts(TwoChains chains)
    {
        this.chains = chains;
        (Zeros, Ones) = (chains.Of(Party.Zero).Count, chains.Of(Party.One).Count);
        folds = new Fold?[Zeros + 1, Ones + 1];
        for (var zeros = 0; zeros <= Zeros; zeros++)
        {
            for (var ones = 0; ones <= Ones; ones++)
                folds[zeros, ones] = Reach(zeros, ones);
        }
    }

    public int Zeros { get; }

    public int Ones { get; }

    /// <summary>The state, or null where a page of one prefix has seen more than the other prefix.</summary>
    public Fold? At(int zeros, int ones) => folds[zeros, ones];

    /// <summary>The same by whose prefix it is.</summary>
    public Fold? At(Party party, int own, int others) => party == Party.Zero ? folds[own, others] : folds[others, own];

    public int CountOf(Party party) => party == Party.Zero ? Zeros : Ones;

    public IEnumerable<Fold> All()
    {
        foreach (var fold in folds)
        {
            if (fold is not null)
                yield return fold;
        }
    }

    /// <summary>Every state together with one that holds one page more.</summary>
    public IEnumerable<(Fold Before, Fold After)> Steps()
    {
        for (var zeros = 0; zeros <= Zeros; zeros++)
        {
            for (var ones = 0; ones <= Ones; ones++)
            {
                if (folds[zeros, ones] is not { } before)
                    continue;
                if (zeros < Zeros && folds[zeros + 1, ones] is { } one)
                    yield return (before, one);
                if (ones < Ones && folds[zeros, ones + 1] is { } other)
                    yield return (before, other);
            }
        }
    }

    private Fold? Reach(int zeros, int ones)
    {
        if (zeros == 0 && ones == 0)
            return Fold.Empty(TwoChains.Terms.Id);
        if (!Fits(Party.Zero, zeros, ones) || !Fits(Party.One, ones, zeros))
            return null;
        var byZero = zeros > 0 && folds[zeros - 1, ones] is { } a ? Extend(a, Party.Zero, zeros) : null;
        var byOne = ones > 0 && folds[zeros, ones - 1] is { } b ? Extend(b, Party.One, ones) : null;
        if (byZero is not null && byOne is not null)
            Assert.Equal(FoldText.Of(byZero), FoldText.Of(byOne));
        return byZero ?? byOne ?? throw new InvalidOperationException("A pair of prefixes that nothing leads to.");
    }

    private bool Fits(Party party, int own, int others) =>
        own == 0 || chains.Of(party)[own - 1].Page.Seen.Number <= others;

    private Fold Extend(Fold fold, Party party, int number)
    {
        var draft = new FoldDraft(fold);
        draft.Apply(chains.Of(party)[number - 1]);
        return draft.ToFold();
    }
}
