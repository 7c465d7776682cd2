using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Loop;

/// <summary>
/// An own page while it is being filled. Its view is the present one, and that is the view it will name.
/// </summary>
internal sealed class PageDraft
{
    private readonly Fold start;
    private readonly Party me;
    private readonly long number;
    private readonly FoldDraft view;
    private int lineBytes;

    public PageDraft(Fold present, Party author)
    {
        (start, me) = (present, author);
        number = present.Of(author).Head.Number + 1;
        view = new FoldDraft(present);
    }

    public ImmutableArray<Line>.Builder Lines { get; } = ImmutableArray.CreateBuilder<Line>(0);

    public ImmutableArray<DoneIntent>.Builder Placed { get; } = ImmutableArray.CreateBuilder<DoneIntent>(0);

    /// <summary>Makes room at once for as many intents as will come.</summary>
    public void Expect(int intents)
    {
        Lines.Capacity = Math.Min(intents, PageBounds.MaxLines);
        Placed.Capacity = Lines.Capacity;
    }

    public bool HasRoomFor(Intent intent) =>
        Lines.Count + intent.Lines.Length <= PageBounds.MaxLines
        && PageCodec.LargestSize(Lines.Count + intent.Lines.Length, lineBytes + SizeOf(intent))
            <= PageBounds.MaxPageBytes;

    /// <summary>Why the intent may not be written after the lines that are here, or null.</summary>
    public Refusal? Judge(Intent intent)
    {
        if (intent.Lines is [var single])
            return PageForm.Check(single) ?? Rules.Judge(view, me, single);
        var trial = view.Copy();
        for (var i = 0; i < intent.Lines.Length; i++)
        {
            var line = intent.Lines[i];
            var refusal = PageForm.Check(line) ?? Rules.Judge(trial, me, line);
            if (refusal is not null)
                return refusal;
            trial.Apply(me, new Ref(number, Lines.Count + i), line);
        }
        return null;
    }

    public void Add(Intent intent, bool wasWaiting)
    {
        Placed.Add(new DoneIntent(intent.RequestId, Lines.Count, wasWaiting));
        foreach (var line in intent.Lines)
            Add(line);
    }

    public void Add(Line line)
    {
        view.Apply(me, new Ref(number, Lines.Count), line);
        Lines.Add(line);
        lineBytes += LineCodec.EncodedSize(line);
    }

    public EncodedPage Finish(Hash basis, long nowMs)
    {
        var after = view.ToFold();
        return PageCodec.Encode(new Page
        {
            Tab = start.Tab,
            Author = me,
            Number = number,
            Previous = start.Of(me).Head.Hash,
            Seen = start.Of(me.Other()).Head,
            Basis = basis,
            TimeMs = Math.Max(0, nowMs),
            Lines = Lines.DrainToImmutable(),
            Totals = after.TotalsFor(me),
            StateDigest = StateDigest.Of(after),
        });
    }

    private static int SizeOf(Intent intent)
    {
        var size = 0;
        foreach (var line in intent.Lines)
            size += LineCodec.EncodedSize(line);
        return size;
    }
}
