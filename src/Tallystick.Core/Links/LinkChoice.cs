using System.Collections.Immutable;

namespace Tallystick.Core.Links;

/// <summary>
/// Decides which of several links between two nodes is used: key0 chooses, key1 follows, a second process with the
/// same key is kept out, and a silent link is given up.
/// </summary>
public static class LinkChoice
{
    /// <summary>A link on which nothing was heard for so long is pinged.</summary>
    public const long SilenceMs = 30_000;

    /// <summary>A ping must be answered within this time.</summary>
    public const long AnswerMs = 5_000;

    /// <summary>Links of one peer kept at a time: the current one, a dial of each side, and some that cross.</summary>
    public const int MaxLinks = 8;

    /// <summary>The new state, and what to do in order.</summary>
    public static (PeerLinks State, ImmutableArray<LinkEffect> Effects) Step(PeerLinks state, LinkInput input)
    {
        var turn = new LinkTurn(state, input);
        switch (input)
        {
            case DialStarted dial:
                turn.Dial(dial.Number);
                break;
            case LinkProven proven:
                turn.Proven(proven);
                break;
            case ChosenHeard chosen:
                turn.Chosen(chosen.Number);
                break;
            case PongHeard pong:
                turn.Pong(pong.Number, pong.Token);
                break;
            case LinkHeard heard:
                turn.Heard(heard.Number);
                break;
            case LinkClosed closed:
                turn.Closed(closed.Number);
                break;
            case TimePassed:
                turn.Time();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(input), input, "Not a link input.");
        }
        return turn.Result();
    }

    /// <summary>When time alone changes something on this proven link.</summary>
    internal static long DueMs(KnownLink link) =>
        link.InstancePing?.DeadlineMs ?? link.IdlePing?.DeadlineMs ?? link.HeardMs + SilenceMs;
}
