using Tallystick.Core.Loop;
using Tallystick.Core.Pages;
using Tallystick.Node.Identity;

namespace Tallystick.Node.Ledgers;

/// <summary>What a tab's loop did in one turn: one write, and what to do once it is durable.</summary>
internal sealed class TabBatch(TabLedger tab)
{
    private readonly List<TabWrite> writes = [];
    private readonly Dictionary<EncodedPage, SignedPage> signed = new(ReferenceEqualityComparer.Instance);

    public TabLedger Tab => tab;

    /// <summary>In the order of the steps; a cut of the own tail always begins a new one.</summary>
    public IReadOnlyList<TabWrite> Writes => writes;

    public List<TabEffect> Effects { get; } = [];

    /// <summary>The links of the frames taken in the turn: each held room that is free again after the batch.</summary>
    public List<long> RoomTaken { get; } = [];

    /// <summary>The loop's state after the batch: what readers see once it is durable.</summary>
    public TabState? State { get; set; }

    public bool IsEmpty => writes.Count == 0 && Effects.Count == 0;

    public void Add(TabStep step, NodeIdentity identity)
    {
        if (step.Write is { } write)
            Add(write with { Pages = [.. write.Pages.Select(page => Sign(page, identity))] });
        Effects.AddRange(step.Effects);
    }

    /// <summary>The signed form of an own page of this batch.</summary>
    public SignedPage SignedFormOf(EncodedPage page) => signed[page];

    private void Add(TabWrite write)
    {
        // Steps that only append are one write to the store: it then touches the tab's row once.
        if (writes.Count > 0 && write.TruncateOwnAfter is null && (write.Hello is null || writes[^1].Hello is null))
        {
            var last = writes[^1];
            writes[^1] = last with
            {
                After = write.After,
                Pages = last.Pages.AddRange(write.Pages),
                Intents = last.Intents.AddRange(write.Intents),
                Hello = last.Hello ?? write.Hello,
            };
            return;
        }
        writes.Add(write);
    }

    private PageToStore Sign(PageToStore page, NodeIdentity identity)
    {
        if (!page.Signature.IsEmpty)
            return page;
        var signature = identity.Sign(page.Content.Hash);
        signed.Add(page.Content, new SignedPage(page.Content, signature));
        return page with { Signature = signature };
    }
}
