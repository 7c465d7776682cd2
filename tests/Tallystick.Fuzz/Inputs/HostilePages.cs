using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Fuzz.Inputs;

/// <summary>Pages whose lines nobody judged, finished so well that only the lines can be refused, or spoilt.</summary>
internal static class HostilePages
{
    /// <summary>The page that follows in a view. Totals and digest fit up to the first line that is refused.</summary>
    public static Page Next(Fold view, Party author, Hash basis, ImmutableArray<Line> lines)
    {
        var draft = new FoldDraft(view);
        var number = view.Of(author).Head.Number + 1;
        for (var i = 0; i < lines.Length; i++)
        {
            if ((PageForm.Check(lines[i]) ?? Rules.Judge(draft, author, lines[i])) is not null)
                break;
            draft.Apply(author, new Ref(number, i), lines[i]);
        }
        var after = draft.ToFold();
        return new Page
        {
            Tab = view.Tab,
            Author = author,
            Number = number,
            Previous = view.Of(author).Head.Hash,
            Seen = view.Of(author.Other()).Head,
            Basis = basis,
            TimeMs = 1_000,
            Lines = lines,
            Totals = after.TotalsFor(author),
            StateDigest = StateDigest.Of(after),
        };
    }

    /// <summary>Changes one field of a page; 0 and what is unknown change nothing.</summary>
    public static Page Spoil(Page page, int how, long number) => how switch
    {
        1 => page with { Number = page.Number + 1 },
        2 => page with { Number = Math.Max(0, page.Number - 1) },
        3 => page with { Number = number },
        4 => page with { Previous = Hash.Of([1]) },
        5 => page with { Seen = page.Seen with { Number = Math.Max(0, page.Seen.Number - 1) } },
        6 => page with { Seen = page.Seen with { Number = number } },
        7 => page with { Seen = page.Seen with { Hash = Hash.Of([2]) } },
        8 => page with { Basis = Hash.Of([3]) },
        9 => page with { Totals = page.Totals with { Given = number } },
        10 => page with { StateDigest = Hash.Of([4]) },
        11 => page with { Lines = [] },
        12 => page with { TimeMs = number },
        _ => page,
    };
}
