using Tallystick.Core.Loop;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Fuzz.Inputs;

namespace Tallystick.Fuzz.Targets;

/// <summary>
/// Whole pages judged in real views: the first byte chooses the view, the second what is mended, the rest is the page.
/// A page that decodes is judged as it is or, signed anew by its author, as the page that follows in the view.
/// </summary>
internal sealed class JudgementTarget : Target
{
    private static readonly HashSet<string> Names =
        [.. typeof(Rejections).GetFields().Select(field => ((Rejection)field.GetValue(null)!).Name)];

    private readonly List<TabState> views = Story();

    public override string Name => "judgement";

    public override IEnumerable<byte[]> Seeds() =>
        from page in Corpus.Vectors("pages.json")
        from view in Enumerable.Range(0, views.Count)
        select (byte[])[(byte)view, 1, .. page];

    public override byte[] Generate(Random random)
    {
        var any = new AnyRecord(random);
        var view = random.Next(views.Count);
        var page = HostilePages.Next(views[view].Theirs, views[view].Peer, default, any.Lines(4));
        var spoilt = HostilePages.Spoil(page, random.Next(14), any.Number());
        return [(byte)view, (byte)random.Next(2), .. PageCodec.Encode(spoilt).Bytes.Span];
    }

    public override string Run(byte[] input)
    {
        if (input.Length < 2 || !PageCodec.TryDecode(input.AsMemory(2), out var page, out _))
            return "unreadable";
        var state = views[input[0] % views.Count];
        if (input[1] % 2 == 1)
            page = PageCodec.Encode(HostilePages.Next(state.Theirs, state.Peer, page.Page.Basis, page.Page.Lines));
        if (page.Page.Author != state.Peer)
            return "own";
        // As the loop does: the own pages up to what the page has seen come first.
        var draft = new FoldDraft(state.Theirs);
        foreach (var own in state.Unseen)
        {
            if (own.Page.Number <= page.Page.Seen.Number)
                draft.Apply(own);
        }
        var view = draft.ToFold();
        var refusal = PageCheck.Judge(view, page, out var after);
        if (refusal is null != after is not null || (refusal is not null && !Names.Contains(refusal.Why.Name)))
            throw new FindingException($"The verdict is {refusal}, and the state after it {after}.");
        if (after is null)
            return refusal!.Why.Name;
        if (after.DebtOf(Party.Zero) + after.DebtOf(Party.One) != 0 || after.Zero.Held < 0 || after.One.Held < 0)
            throw new FindingException($"After a valid page the totals are {after.Zero} and {after.One}.");
        var replay = new FoldDraft(view);
        replay.Apply(page);
        if (StateDigest.Of(replay.ToFold()) != page.Page.StateDigest)
            throw new FindingException("Applied again the page gives another state.");
        return string.Join(' ', page.Page.Lines.Take(3).Select(line => line.GetType().Name));
    }

    // A few days of a tab, and what its receiver knew at each moment.
    private static List<TabState> Story()
    {
        var pair = new HostilePair();
        var any = new AnyRecord(new Random(3));
        var states = new List<TabState> { pair.Zero.State, pair.One.State };
        pair.Settle(4);
        foreach (var kind in Enum.GetValues<LineKind>().Concat(Enum.GetValues<LineKind>()))
        {
            pair.Ask(Party.One, [any.Line(kind)]);
            pair.Ask(Party.Zero, [any.Line(kind)]);
            states.AddRange([pair.Zero.State, pair.One.State]);
            pair.Settle(2);
            states.AddRange([pair.Zero.State, pair.One.State]);
        }
        return states;
    }
}
