using System.Collections.Immutable;
using System.Diagnostics;
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
    private int unasked;
    private int waitingFrom;
    private int waitingTo;

    public PageDraft(Fold present, Party author)
    {
        (start, me) = (present, author);
        number = present.Of(author).Head.Number + 1;
        view = new FoldDraft(present);
    }

    public ImmutableArray<Line>.Builder Lines { get; } = ImmutableArray.CreateBuilder<Line>(0);

    /// <summary>Makes room at once for as many intents as will come.</summary>
    public void Expect(int intents) => Lines.Capacity = Math.Min(intents, PageBounds.MaxLines);

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
        var first = Lines.Count;
        foreach (var line in intent.Lines)
            Add(line);
        if (!wasWaiting)
            return;
        Debug.Assert(waitingTo == 0 || waitingTo == first, "What had been waiting stands together.");
        if (waitingTo == 0)
            waitingFrom = first;
        waitingTo = Lines.Count;
    }

    /// <summary>Adds the line that opens a chain, for which nobody asked.</summary>
    public void AddOpening(LimitLine line)
    {
        Add(line);
        unasked = Lines.Count;
    }

    /// <summary>Who is to be told that the finished page is there, or null if nobody asked for a line of it.</summary>
    public Done? Answering(EncodedPage finished) =>
        finished.Page.Lines.Length > unasked ? new Done(finished, unasked, waitingFrom, waitingTo) : null;

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

    private void Add(Line line)
    {
        view.Apply(me, new Ref(number, Lines.Count), line);
        Lines.Add(line);
        lineBytes += LineCodec.EncodedSize(line);
    }

    private static int SizeOf(Intent intent)
    {
        var size = 0;
        foreach (var line in intent.Lines)
            size += LineCodec.EncodedSize(line);
        return size;
    }
}
