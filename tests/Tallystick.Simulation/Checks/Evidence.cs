using Tallystick.Core.Loop;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Simulation.Worlds;

namespace Tallystick.Simulation.Checks;

/// <summary>Repeats the judgement behind a Fault from the page and the two chains alone, as anybody could.</summary>
internal static class Evidence
{
    public static void Check(SimulatedNode node, TabSpec spec, Freeze freeze)
    {
        var fault = freeze.Fault.Content.Fault;
        var page = fault.Page;
        if (!Signatures.Verify(spec.KeyOf(page.Page.Author), page.Hash, page.Signature.Span))
            throw new Violation("evidence", "The page of a Fault is not signed by its author.");
        var chains = node.Disk.Chains(spec.Terms.Id)
            ?? throw new Violation("evidence", $"{node.Name} froze a tab of which it holds nothing.");
        var held = chains.Find(page.Page.Author, page.Page.Number);
        var found = held is not null
            ? held.Hash != page.Hash ? Rejections.Fork.Name : null
            : PageCheck.Judge(View(node, spec, page.Page), page.Content, out _)?.Why.Name;
        if (found != fault.Rejection)
            throw new Violation("evidence", $"A Fault says {fault.Rejection}, and repeating it gives {found}.");
    }

    // The author's chain up to the page, and the other's up to what the page has seen.
    private static Fold View(SimulatedNode node, TabSpec spec, Page page)
    {
        var other = page.Author.Other();
        var chains = node.Disk.Chains(spec.Terms.Id)!;
        var start = chains.Snapshot.Resets.LastOrDefault() is { } reset
            ? reset.Reset.ToFold(reset.Content.Hash)
            : Fold.Empty(spec.Terms.Id);
        var view = new FoldDraft(start);
        // Whoever claims to have seen less than before is judged in the view of the page before.
        var before = chains.Find(page.Author, page.Number - 1)?.Page.Seen.Number ?? 0;
        var seen = Math.Min(Math.Max(page.Seen.Number, before), chains.HeadOf(other).Number);
        var all = new SendStored(
            0, start.Of(page.Author).Head.Number + 1, page.Number - 1, start.Of(other).Head.Number + 1, seen);
        foreach (var signed in StoredRange.InOrder(
            all, page.Author, (author, from, most) =>
                [.. node.Disk.ReadPages(spec.Terms.Id, author, from, most).Select(stored => stored.Page)]))
        {
            view.Apply(signed.Content);
        }
        return view.ToFold();
    }
}
