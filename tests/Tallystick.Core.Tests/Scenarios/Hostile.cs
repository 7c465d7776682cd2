using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Core.Tests.Loop;

namespace Tallystick.Core.Tests.Scenarios;

/// <summary>What a dishonest owner of a key can make of its own book.</summary>
internal static class Hostile
{
    /// <summary>The next page of this key with lines that nobody judged, its totals as if they were valid.</summary>
    public static SignedPage Page(LoopNode node, string lines) =>
        Page(node, page => page, [.. lines
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select((text, i) => LineText.Read(text, new RequestId((UInt128)(900_000 + i))))]);

    /// <summary>The same, changed at will before it is encoded and signed.</summary>
    public static SignedPage Page(LoopNode node, Func<Page, Page> change, params ImmutableArray<Line> lines)
    {
        var basis = node.State.Session?.Theirs?.Content.Hash ?? default;
        return new SignedPage(
            PageCodec.Encode(change(Next(node.State.Mine, node.Me, basis, lines))), new byte[SignedPage.SignatureSize]);
    }

    /// <summary>The page that follows in a view, with lines that nobody judged.</summary>
    public static Page Next(Fold view, Party me, Hash basis, ImmutableArray<Line> lines)
    {
        var draft = new FoldDraft(view);
        var number = view.Of(me).Head.Number + 1;
        for (var i = 0; i < lines.Length && Rules.Judge(draft, me, lines[i]) is null; i++)
            draft.Apply(me, new Ref(number, i), lines[i]);
        var after = draft.ToFold();
        return new Page
        {
            Tab = view.Tab,
            Author = me,
            Number = number,
            Previous = view.Of(me).Head.Hash,
            Seen = view.Of(me.Other()).Head,
            Basis = basis,
            TimeMs = 1_000,
            Lines = lines,
            Totals = after.TotalsFor(me),
            StateDigest = StateDigest.Of(after),
        };
    }
}
