using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Exhaustive;

/// <summary>
/// What is explored: every call into the shipped Core. The tests override one call with a wrong one, to see that the
/// exploration notices.
/// </summary>
internal class Software
{
    /// <summary>Whether the line may be written, in the draft of its page.</summary>
    public virtual Refusal? Judge(FoldDraft view, Party author, Line line) =>
        PageForm.Check(line) ?? Rules.Judge(view, author, line);

    /// <summary>What the line does to the draft.</summary>
    public virtual void Apply(FoldDraft draft, Party author, Ref at, Line line) => draft.Apply(author, at, line);

    /// <summary>The view with one more page that was judged before.</summary>
    public virtual Fold Apply(Fold view, EncodedPage page)
    {
        var draft = new FoldDraft(view);
        draft.Apply(page);
        return draft.ToFold();
    }

    /// <summary>The verdict on a whole page in its view.</summary>
    public virtual Refusal? Judge(Fold view, EncodedPage page, out Fold? after) =>
        PageCheck.Judge(view, page, out after);

    /// <summary>The view in which the receiver of a page judges it.</summary>
    /// <param name="view">The author's chain and the receiver's up to what the page has seen.</param>
    /// <param name="present">The author's chain before the page and the receiver's whole chain.</param>
    public virtual Fold ReceiversView(Fold view, Fold present) => view;

    /// <summary>The view that the author states as seen, when it judged in <paramref name="view"/>.</summary>
    public virtual Head StatedSeen(Fold view, Party author) => view.Of(author.Other()).Head;

    /// <summary>The most that the peer may come to owe, as it is shown.</summary>
    public virtual long? Exposure(Fold mine, Fold theirs, IEnumerable<EncodedPage> unseen, Party me) =>
        Core.Tabs.Exposure.ToPeer(mine, theirs, unseen, me);
}
