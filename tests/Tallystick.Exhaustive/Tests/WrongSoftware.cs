using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Exhaustive.Tests;

/// <summary>The shipped Core with one call done wrongly, in ways that somebody might think right.</summary>
internal static class WrongSoftware
{
    /// <summary>Each with the law that must notice.</summary>
    public static IReadOnlyList<(string Name, string Law, Software Software)> All { get; } =
    [
        ("the receiver judges in its present state", "T2", new PresentState()),
        ("the page names more than it judged by", "T2", new SeenTooMuch()),
        ("Accept takes a revision that is not the newest", "oracle", new StaleAccept()),
        ("a payment knows no limit", "T4", new NoLimit()),
        ("open holds count for nothing", "T4", new ForgottenHolds()),
        ("a closed settlement can be booked again", "T6", new BookedTwice()),
        ("the payer books what it says it paid", "T8", new PayerBooks()),
        ("a withdrawn settlement is not booked by the fold", "T1", new JudgingFold()),
        ("an answered hold is answered again without harm", "T6", new AnsweredTwice()),
        ("consents are left out of what is shown", "T5", new NoConsents()),
        ("limits on their way are left out of what is shown", "T5", new PresentLimit()),
        ("what is refused has a name of its own", "names", new OtherName()),
    ];

    private sealed class PresentState : Software
    {
        public override Fold ReceiversView(Fold view, Fold present) => present;

        // The check of the chain would throw at once: only the lines are judged there.
        public override Refusal? Judge(Fold view, EncodedPage page, out Fold? after) =>
            base.Judge(SeenIn(view, page), page, out after);

        private static Fold SeenIn(Fold view, EncodedPage page)
        {
            var peer = page.Page.Author.Other();
            var moved = view.Of(peer) with { Head = page.Page.Seen };
            return peer == Party.Zero ? view with { Zero = moved } : view with { One = moved };
        }
    }

    private sealed class SeenTooMuch : Software
    {
        public override Head StatedSeen(Fold view, Party author)
        {
            var head = base.StatedSeen(view, author);
            return head with { Number = head.Number + 1 };
        }
    }

    private sealed class StaleAccept : Software
    {
        public override Refusal? Judge(FoldDraft view, Party author, Line line) =>
            base.Judge(view, author, line) is { } refusal
            && (line is not AcceptLine || refusal.Why != Rejections.NotNewest)
                ? refusal
                : null;
    }

    private sealed class NoLimit : Software
    {
        public override Refusal? Judge(FoldDraft view, Party author, Line line) =>
            line is PayLine ? PageForm.Check(line) : base.Judge(view, author, line);

        public override Refusal? Judge(Fold view, EncodedPage page, out Fold? after) =>
            JudgeLines(this, view, page, out after);
    }

    private sealed class ForgottenHolds : Software
    {
        public override Refusal? Judge(FoldDraft view, Party author, Line line)
        {
            var refusal = base.Judge(view, author, line);
            if (refusal?.Why != Rejections.OverLimit || line is not PayLine pay)
                return refusal;
            var debt = view.WorstCaseDebtOf(author) - view.Of(author).Held;
            return view.Of(author.Other()).Limit.Allows(debt + pay.Amount.Units) ? null : refusal;
        }

        public override Refusal? Judge(Fold view, EncodedPage page, out Fold? after) =>
            JudgeLines(this, view, page, out after);
    }

    private sealed class BookedTwice : Software
    {
        public override Refusal? Judge(FoldDraft view, Party author, Line line) =>
            base.Judge(view, author, line) is { } refusal
            && (line is not ReceivedLine || refusal.Why != Rejections.Closed)
                ? refusal
                : null;

        public override Refusal? Judge(Fold view, EncodedPage page, out Fold? after) =>
            JudgeLines(this, view, page, out after);
    }

    private sealed class PayerBooks : Software
    {
        public override Refusal? Judge(FoldDraft view, Party author, Line line) =>
            base.Judge(view, author, line) is { } refusal && refusal.Why != Rejections.NotReceiver ? refusal : null;

        public override Refusal? Judge(Fold view, EncodedPage page, out Fold? after) =>
            JudgeLines(this, view, page, out after);
    }

    private sealed class AnsweredTwice : Software
    {
        public override Refusal? Judge(FoldDraft view, Party author, Line line) =>
            base.Judge(view, author, line) is { } refusal
            && (line is not ReleaseLine || refusal.Why != Rejections.AlreadyAnswered)
                ? refusal
                : null;

        public override void Apply(FoldDraft draft, Party author, Ref at, Line line)
        {
            if (line is not ReleaseLine || base.Judge(draft, author, line) is null)
                base.Apply(draft, author, at, line);
        }

        public override Refusal? Judge(Fold view, EncodedPage page, out Fold? after) =>
            JudgeLines(this, view, page, out after);

        public override Fold Apply(Fold view, EncodedPage page) => ApplyLines(this, view, page);
    }

    private sealed class JudgingFold : Software
    {
        public override void Apply(FoldDraft draft, Party author, Ref at, Line line)
        {
            if (line is not AcceptLine accept
                || draft.FindByRevision(author.Other(), accept.Revision) is { IsClosed: false })
                base.Apply(draft, author, at, line);
        }

        public override Refusal? Judge(Fold view, EncodedPage page, out Fold? after) =>
            JudgeLines(this, view, page, out after);

        public override Fold Apply(Fold view, EncodedPage page) => ApplyLines(this, view, page);
    }

    private sealed class NoConsents : Software
    {
        public override long? Exposure(Fold mine, Fold theirs, IEnumerable<EncodedPage> unseen, Party me)
        {
            var bound = base.Exposure(mine, theirs, unseen, me);
            var bare = mine with { Settlements = mine.Settlements.Clear() };
            return bound is null ? null : base.Exposure(bare, theirs, unseen, me);
        }
    }

    private sealed class PresentLimit : Software
    {
        public override long? Exposure(Fold mine, Fold theirs, IEnumerable<EncodedPage> unseen, Party me)
        {
            var limit = mine.Of(me).Limit;
            var seen = theirs.Of(me) with { Limit = limit };
            return base.Exposure(
                mine, me == Party.Zero ? theirs with { Zero = seen } : theirs with { One = seen }, [], me);
        }
    }

    private sealed class OtherName : Software
    {
        public override Refusal? Judge(FoldDraft view, Party author, Line line) =>
            base.Judge(view, author, line) is { } refusal && refusal.Why == Rejections.NotReceiver
                ? refusal with { Why = new Rejection("not-the-receiver", RejectionClass.Fault) }
                : base.Judge(view, author, line);
    }

    // PageCheck calls the shipped rules; wrong rules need the same steps with their own.
    private static Refusal? JudgeLines(Software software, Fold view, EncodedPage encoded, out Fold? after)
    {
        after = null;
        var page = encoded.Page;
        if (page.IsReceipt)
            return PageCheck.Judge(view, encoded, out after);
        var draft = new FoldDraft(view);
        for (var i = 0; i < page.Lines.Length; i++)
        {
            if (software.Judge(draft, page.Author, page.Lines[i]) is { } refusal)
                return refusal;
            software.Apply(draft, page.Author, new Ref(page.Number, i), page.Lines[i]);
        }
        draft.Close(encoded.Head, page);
        after = draft.ToFold();
        return null;
    }

    private static Fold ApplyLines(Software software, Fold view, EncodedPage encoded)
    {
        var draft = new FoldDraft(view);
        for (var i = 0; i < encoded.Page.Lines.Length; i++)
            software.Apply(draft, encoded.Page.Author, new Ref(encoded.Page.Number, i), encoded.Page.Lines[i]);
        draft.Close(encoded.Head, encoded.Page);
        return draft.ToFold();
    }
}
