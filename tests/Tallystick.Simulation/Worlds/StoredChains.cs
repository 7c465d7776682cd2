using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Pages;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;
using Tallystick.Node.Storage;

namespace Tallystick.Simulation.Worlds;

/// <summary>One tab on the disk.</summary>
internal sealed class StoredChains(TabTerms terms, Party me)
{
    private readonly List<StoredPage>[] pages = [[], []];

    public Party Me => me;

    public TabSnapshot Snapshot { get; set; } =
        new(Fold.Empty(terms.Id), Fold.Empty(terms.Id), null);

    /// <summary>Intents that were stored as waiting, in order; some may have ended since.</summary>
    public List<Intent> Waiting { get; private set; } = [];

    public Dictionary<Hash, SignedHello> Hellos { get; private set; } = [];

    public List<StoredPage> Of(Party author) => pages[(int)author];

    public Head HeadOf(Party author) => Snapshot.Mine.Of(author).Head;

    /// <summary>The place of the first page with this number or a higher one, or -1.</summary>
    public int IndexOf(Party author, long number)
    {
        var chain = Of(author);
        if (chain.Count == 0)
            return -1;
        // Numbers are gapless except at a reset.
        var guess = number - chain[0].Page.Page.Number;
        if (guess >= 0 && guess < chain.Count && chain[(int)guess].Page.Page.Number == number)
            return (int)guess;
        var (low, high) = (0, chain.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (chain[middle].Page.Page.Number < number)
                low = middle + 1;
            else
                high = middle;
        }
        return low < chain.Count ? low : -1;
    }

    public SignedPage? Find(Party author, long number)
    {
        var index = IndexOf(author, number);
        return index >= 0 && Of(author)[index].Page is { } page && page.Page.Number == number ? page : null;
    }

    /// <summary>The head of a chain that is cut after a page; pages of an era follow the reset before it.</summary>
    public Head HeadAt(Party author, long number)
    {
        if (Find(author, number) is { } page)
            return page.Content.Head;
        var era = Snapshot.Resets.LastOrDefault();
        return era is not null && era.Reset.Of(author).First - 1 == number
            ? new Head(number, era.Content.Hash)
            : new Head(number, number == 0 ? terms.Id.Hash : default);
    }

    /// <summary>Cuts the chain, and gives what was cut.</summary>
    public IReadOnlyList<StoredPage> Truncate(Party author, long last)
    {
        var first = IndexOf(author, last + 1);
        if (first < 0)
            return [];
        var cut = Of(author).GetRange(first, Of(author).Count - first);
        Of(author).RemoveRange(first, cut.Count);
        return cut;
    }

    public StoredChains Copy()
    {
        var copy = new StoredChains(terms, me) { Snapshot = Snapshot, Waiting = [.. Waiting], Hellos = new(Hellos) };
        copy.pages[0].AddRange(pages[0]);
        copy.pages[1].AddRange(pages[1]);
        return copy;
    }

    public StoredTab ToStoredTab(Func<Intent, bool> waits)
    {
        var first = IndexOf(me, Snapshot.Theirs.Of(me).Head.Number + 1);
        var unseen = first < 0 ? [] : Of(me).GetRange(first, Of(me).Count - first);
        Waiting.RemoveAll(intent => !waits(intent));
        return new StoredTab(terms, me, Snapshot, [.. unseen.Select(stored => stored.Page)], [.. Waiting]);
    }
}
