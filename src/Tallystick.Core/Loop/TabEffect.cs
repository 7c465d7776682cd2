using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Pages;
using Tallystick.Core.Resets;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Loop;

/// <summary>
/// What to do after a step. Every effect of a step, and of every later step, waits until the step's write is durable:
/// this order is what "nothing is sent before it is durable" rests on.
/// </summary>
public abstract record TabEffect;

/// <summary>Sign the Hello and send it.</summary>
public sealed record SendHello(long Link, EncodedHello Hello) : TabEffect;

/// <summary>Send an own page of this step's write.</summary>
public sealed record SendOwnPage(long Link, EncodedPage Page) : TabEffect;

/// <summary>
/// Send stored pages: the peer's own chain from one number to another, and this node's, merged so that each page comes
/// after the page it has seen and the peer's own come as early as they can.
/// </summary>
public sealed record SendStored(long Link, long OwnFrom, long OwnTo, long PeerFrom, long PeerTo) : TabEffect;

/// <summary>Send one stored page as evidence.</summary>
public sealed record SendEvidence(long Link, Party Author, long Number) : TabEffect;

/// <summary>Ask the peer for one page.</summary>
public sealed record AskForPage(long Link, Party Author, long Number) : TabEffect;

/// <summary>Sign the Fault and send it.</summary>
public sealed record SendFault(long Link, EncodedFault Fault) : TabEffect;

/// <summary>Sign the reset and send it for the peer to sign too.</summary>
public sealed record SendResetOffer(long Link, EncodedReset Offer) : TabEffect;

/// <summary>Send a reset that both have signed; an own signature that is missing is made.</summary>
public sealed record SendReset(long Link, AgreedReset Agreed) : TabEffect;

/// <summary>Close the link; all its tabs come back on the next one.</summary>
/// <param name="Link">The link's number.</param>
/// <param name="Reason">A rejection's name.</param>
/// <param name="Text">One sentence.</param>
public sealed record CloseLink(long Link, string Reason, string Text) : TabEffect;

/// <summary>Tell whoever asked how the intent stands.</summary>
/// <param name="RequestId">The intent.</param>
/// <param name="State">Its state from now on.</param>
/// <param name="WasWaiting">True when it had been stored as waiting before.</param>
public sealed record Answer(RequestId RequestId, IntentState State, bool WasWaiting) : TabEffect;

/// <summary>An intent that is on a page now.</summary>
/// <param name="RequestId">The intent.</param>
/// <param name="FirstLine">Its first line.</param>
/// <param name="WasWaiting">True when it had been stored as waiting before.</param>
public readonly record struct DoneIntent(RequestId RequestId, Ref FirstLine, bool WasWaiting);

/// <summary>Tell everybody who asked for a line of an own page that it is there.</summary>
/// <param name="Page">The page. It says itself which intents these are.</param>
/// <param name="Unasked">How many lines at its beginning nobody asked for.</param>
/// <param name="WaitingFrom">The first line of those whose intents had been stored as waiting before.</param>
/// <param name="WaitingTo">The line behind the last of those.</param>
public sealed record Done(EncodedPage Page, int Unasked, int WaitingFrom, int WaitingTo) : TabEffect
{
    /// <summary>Whose lines they are, in the order of the lines.</summary>
    public IEnumerable<DoneIntent> Intents
    {
        get
        {
            var lines = Page.Page.Lines;
            for (var i = Unasked; i < lines.Length; i++)
            {
                var id = lines[i].RequestId;
                // The lines of a group carry one id, and no two intents do.
                if (i == Unasked || id != lines[i - 1].RequestId)
                    yield return new DoneIntent(id, new Ref(Page.Page.Number, i), i >= WaitingFrom && i < WaitingTo);
            }
        }
    }

    /// <summary>The same, one by one.</summary>
    public IEnumerable<Answer> Answers => Intents.Select(intent =>
        new Answer(intent.RequestId, new IntentDone(intent.FirstLine), intent.WasWaiting));
}

/// <summary>Look the intent up again and ask anew: pages came back after it was looked up.</summary>
public sealed record LookAgain(RequestId RequestId) : TabEffect;

/// <summary>Tell whoever wanted to cancel that the intent is not waiting.</summary>
public sealed record CannotCancel(RequestId RequestId) : TabEffect;

/// <summary>Pages of one author are stored.</summary>
public sealed record Stored(Party Author, ImmutableArray<EncodedPage> Pages) : TabEffect;

/// <summary>The peer confirmed own pages up to this number.</summary>
public sealed record PeerSaw(long Number) : TabEffect;

/// <summary>The tab froze.</summary>
public sealed record Froze(Freeze Freeze) : TabEffect;

/// <summary>The peer asks for a reset that the user has not been told of.</summary>
public sealed record ResetAsked(EncodedReset Offer) : TabEffect;

/// <summary>Tell whoever said yes to a reset what came of it.</summary>
/// <param name="Shown">The hash that was shown.</param>
/// <param name="Refusal">Why nothing was signed, or null.</param>
public sealed record ResetAnswered(Hash Shown, Refusal? Refusal) : TabEffect;

/// <summary>The tab was reset: another era began.</summary>
/// <param name="Reset">The reset.</param>
/// <param name="VoidPages">How many own pages it made void.</param>
public sealed record WasReset(EncodedReset Reset, int VoidPages) : TabEffect;

/// <summary>The tab stopped until its operator acts.</summary>
public sealed record Stopped(TabStop Stop) : TabEffect;

/// <summary>The next state, what to store, and what to do when it is durable.</summary>
/// <param name="State">The next state.</param>
/// <param name="Write">What to store, or null.</param>
/// <param name="Effects">What to do then, in order.</param>
public readonly record struct TabStep(TabState State, TabWrite? Write, ImmutableArray<TabEffect> Effects);
