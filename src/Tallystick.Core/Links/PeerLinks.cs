using System.Collections.Immutable;
using Tallystick.Core.Identity;

namespace Tallystick.Core.Links;

/// <summary>A question that the other side has not answered yet.</summary>
/// <param name="Token">What its pong must carry.</param>
/// <param name="DeadlineMs">When it counts as unanswered.</param>
public sealed record OpenPing(ulong Token, long DeadlineMs);

/// <summary>One link to a peer, dialled or proven. Closed links are forgotten.</summary>
public sealed record KnownLink
{
    /// <summary>Its number on this node.</summary>
    public required long Number { get; init; }

    /// <summary>Whether this node dialled it.</summary>
    public required bool IDialled { get; init; }

    /// <summary>The peer's process on it, or null while its handshake runs.</summary>
    public Hash? RunId { get; init; }

    /// <summary>When something was last heard on it.</summary>
    public long HeardMs { get; init; }

    /// <summary>Asked because it was silent.</summary>
    public OpenPing? IdlePing { get; init; }

    /// <summary>Asked on the current link before this one may replace it: is the old process still there?</summary>
    public OpenPing? InstancePing { get; init; }

    /// <summary>Whether <c>chosen</c> arrived on it.</summary>
    public bool ChosenHeard { get; init; }
}

/// <summary>All links between this node and one peer, and which of them is current.</summary>
public sealed record PeerLinks
{
    private PeerLinks(bool iAmKey0) => IAmKey0 = iAmKey0;

    /// <summary>Whether this node has the smaller key and therefore chooses.</summary>
    public bool IAmKey0 { get; }

    /// <summary>The link in use, or null.</summary>
    public long? Current { get; init; }

    /// <summary>The highest number given out when a link was last taken: its Hellos fence all up to it.</summary>
    public long Floor { get; init; }

    /// <summary>The links that are dialled or proven, in the order of their appearance.</summary>
    public ImmutableArray<KnownLink> Links { get; init; } = [];

    /// <summary>The token of the next ping.</summary>
    public ulong NextToken { get; init; } = 1;

    /// <summary>Whether this node should dial: it has no current link, and none on the way to being one.</summary>
    public bool WantsDial => Links.IsEmpty;

    /// <summary>When <see cref="TimePassed"/> must be said next, in milliseconds, or null.</summary>
    public long? DueMs
    {
        get
        {
            long? due = null;
            foreach (var link in Links)
            {
                if (link.RunId is not null && LinkChoice.DueMs(link) is var next && !(due <= next))
                    due = next;
            }
            return due;
        }
    }

    /// <summary>No links yet.</summary>
    public static PeerLinks None(PublicKey own, PublicKey peer) => new(own < peer);
}
