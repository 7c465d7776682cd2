using System.Collections.Concurrent;
using System.Net;
using Tallystick.Core.Identity;
using Tallystick.Core.Links;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;

namespace Tallystick.Node.Links;

/// <summary>
/// Every link and every address to dial, and what the choice of links makes of them. Used by the hub's loop alone,
/// except <see cref="CurrentOf"/>.
/// </summary>
internal sealed class LinkTable
{
    private readonly PublicKey own;
    private readonly LinkCallbacks callbacks;
    private readonly TimeProvider time;
    private readonly Func<long> highestNumber;
    private readonly Dictionary<PublicKey, Known> peers = [];
    private readonly DueTimes<Known> due = new();
    private readonly Dictionary<long, LinkAttempt> attempts = [];
    private readonly ConcurrentDictionary<PublicKey, PeerLink> currents = new();
    private readonly DialPlans plans;
    private bool leaving;

    public LinkTable(
        PublicKey own, LinkCallbacks callbacks, LinkLimits limits, TimeProvider time, Func<long> highestNumber)
    {
        (this.own, this.callbacks, this.time, this.highestNumber) = (own, callbacks, time, highestNumber);
        plans = new DialPlans(limits, WantsDial);
    }

    /// <summary>The peer's current link, or null.</summary>
    public PeerLink? CurrentOf(PublicKey peer) => currents.GetValueOrDefault(peer);

    /// <summary>Keeps the plans of addresses that stay, with their waits; ends dials to those that go.</summary>
    public void SetTargets(IReadOnlyCollection<DialTarget> targets)
    {
        plans.Set(targets);
        foreach (var gone in attempts.Values.Where(a => a is { Link: null, Plan: { } plan } && !plans.Contains(plan)))
            _ = gone.Stop.CancelAsync();
    }

    /// <summary>An address that is to be dialled now, or null.</summary>
    public DialPlan? NextDial() => plans.Next(Now());

    public void Started(LinkAttempt attempt)
    {
        attempts.Add(attempt.Number, attempt);
        if (attempt.Plan is not { } plan)
            return;
        plan.Dialling = attempt.Number;
        if (attempt.Peer is { } peer)
            Step(peer, new DialStarted(Now(), highestNumber(), attempt.Number));
    }

    /// <summary>Whether the key that was just proven is trusted.</summary>
    public TrustDecision Trust(LinkAttempt attempt, Greeting greeting, IPEndPoint remote)
    {
        if (attempt.Plan is { Key: { } expected } misled && expected != greeting.Key)
        {
            // What a peer said of itself long ago, or on another network, may be somebody else's address by now.
            if (attempt.Answered is not { } where || where == misled.Address)
                Tell(() => callbacks.OnNotice(new WrongKeyThere(misled.Address, expected, greeting.Key)));
            return TrustDecision.NotYetAccepted;
        }
        var trust = callbacks.Trust(greeting, attempt.Plan?.Address, remote);
        if (trust == TrustDecision.Trusted && attempt.Plan is { } plan)
            plans.Pin(plan, greeting.Key);
        if (trust == TrustDecision.NotYetAccepted && !attempt.IDialled)
            HastenUnpinned();
        return trust;
    }

    public void Proven(LinkAttempt attempt, PeerLink link)
    {
        // A dial that was given up meanwhile is not in the table any more; an accepted link comes into it here.
        var wanted = attempt.IDialled ? attempts.ContainsKey(attempt.Number) : attempts.TryAdd(attempt.Number, attempt);
        if (leaving || !wanted)
        {
            link.Close(leaving ? ByeReasons.Leaving : ByeReasons.Replaced);
            return;
        }
        if (attempt.Plan is { } plan)
        {
            plan.Dialling = null;
            if (attempt.Answered is { } answered)
                plan.Worked(answered);
        }
        (attempt.Link, attempt.Peer) = (link, link.PeerKey);
        Step(link.PeerKey, new LinkProven(Now(), highestNumber(), link.Number, link.IDialled, link.PeerGreeting.RunId));
    }

    public void Chosen(PeerLink link) => Step(link.PeerKey, new ChosenHeard(Now(), highestNumber(), link.Number));

    public void Pong(PeerLink link, ulong token) =>
        Step(link.PeerKey, new PongHeard(Now(), highestNumber(), link.Number, token));

    /// <summary>A link or a dial ended by itself or by the other side.</summary>
    /// <param name="byOther">Whether the other side gave the reason.</param>
    public void Ended(LinkAttempt attempt, string reason, bool byOther)
    {
        var mattered = attempts.Remove(attempt.Number);
        if (attempt.Plan is { } plan && mattered && attempt.CurrentSinceMs is null)
            DialEnded(plan, attempt, reason, byOther);
        if (byOther && reason == Rejections.SecondInstance.Name && attempt.Found is { } refuser)
        {
            Tell(() => callbacks.OnNotice(new SecondInstanceHere(refuser)));
            RefusePlansOf(refuser);
        }
        if (!mattered || attempt.Peer is not { } peer)
            return;
        Leave(attempt, reason);
        Step(peer, new LinkClosed(Now(), highestNumber(), attempt.Number));
    }

    /// <summary>Lets time act on the links.</summary>
    public void LetTimePass()
    {
        foreach (var peer in due.At(Now()))
        {
            foreach (var known in peer.Links.Links)
            {
                if (attempts.GetValueOrDefault(known.Number)?.Link is { } link && link.HeardMs > known.HeardMs)
                    Step(peer.Key, new LinkHeard(link.HeardMs, highestNumber(), link.Number));
            }
            Step(peer.Key, new TimePassed(Now(), highestNumber()));
        }
    }

    /// <summary>When time must act next or an address is to be dialled, in milliseconds, or null.</summary>
    public long? DueMs() => (due.NextMs, plans.DueMs) is ({ } link, { } dial)
        ? Math.Min(link, dial)
        : due.NextMs ?? plans.DueMs;

    /// <summary>Closes every link of a peer, or of all peers, and every handshake with it.</summary>
    public void Close(PublicKey? peer, string reason)
    {
        leaving |= peer is null;
        foreach (var attempt in attempts.Values.Where(a => peer is null || a.Peer == peer).ToArray())
        {
            if (attempt.Link is { } link)
                link.Close(reason);
            else
                _ = attempt.Stop.CancelAsync();
        }
    }

    // Two who named each other's address both knock as strangers first. The one who is knocked at dials at once, pins
    // the key that it finds, and neither waits for the other's next knock.
    private void HastenUnpinned()
    {
        foreach (var plan in plans.Unpinned.Where(plan => plan.Dialling is null))
            plan.Hasten(Now());
    }

    private void DialEnded(DialPlan plan, LinkAttempt attempt, string reason, bool byOther)
    {
        if (plan.Dialling == attempt.Number)
            plan.Dialling = null;
        if (attempt is { Answered: { } answered, Link: null } && (attempt.Found is not { } found || found != plan.Key))
            plan.Misled(answered);
        switch (reason)
        {
            case var invited when byOther && attempt.Invitation is { } shown && ByeReasons.EndsInvitation(invited):
                // Another that was taken meanwhile is shown at once.
                if (plan.Token is not { } next || next == shown.Token)
                    plan.Refused(Now());
                Tell(() => callbacks.OnNotice(new InviteRefused(shown.Inviter, shown.Token, invited)));
                return;
            case ByeReasons.NotYetAccepted:
                plan.Refused(Now());
                if (byOther && attempt.Found is { } key)
                    Tell(() => callbacks.OnNotice(new NotAcceptedThere(plan.Address, key)));
                return;
            case var same when same == Rejections.SameKey.Name
                && attempt.Answered is { } here && here != plan.Address:
                // Many computers have such an address, of a bridge of their own or on another network.
                plan.LedHere(here, Now());
                plan.Failed(Now());
                return;
            case var same when same == Rejections.SameKey.Name:
                plan.Refused(Now());
                Tell(() => callbacks.OnNotice(new OneselfThere(plan.Address)));
                return;
            case ByeReasons.Replaced or ByeReasons.Leaving:
                plan.Failed(Now());
                return;
            default:
                plan.Failed(Now());
                Tell(() => callbacks.OnDialFailed(plan.Address, reason));
                return;
        }
    }

    private void Step(PublicKey peer, LinkInput input)
    {
        if (!peers.TryGetValue(peer, out var known))
            peers[peer] = known = new Known(peer, PeerLinks.None(own, peer));
        (known.Links, var effects) = LinkChoice.Step(known.Links, input);
        due.Set(known, known.Links.DueMs);
        plans.Look(peer);
        foreach (var effect in effects)
        {
            if (attempts.TryGetValue(effect.Number, out var attempt))
                Apply(effect, attempt);
        }
    }

    private void Apply(LinkEffect effect, LinkAttempt attempt)
    {
        switch (effect)
        {
            case CloseLink close:
                CloseAttempt(attempt, close.Reason);
                break;
            case SendChosen:
                attempt.Link!.SendChosen();
                break;
            case MakeCurrent:
                attempt.CurrentSinceMs = Now();
                currents[attempt.Link!.PeerKey] = attempt.Link;
                Tell(() => callbacks.OnCurrent(attempt.Link));
                break;
            case SendPing ping:
                attempt.Link!.Ping(ping.Token);
                break;
            case ReadLink:
                attempt.Link!.AllowReading();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(effect), effect, "Not a link effect.");
        }
    }

    private void CloseAttempt(LinkAttempt attempt, string reason)
    {
        attempts.Remove(attempt.Number);
        if (attempt.Plan is { } plan && plan.Dialling == attempt.Number)
            plan.Dialling = null;
        if (attempt.Link is not { } link)
        {
            _ = attempt.Stop.CancelAsync();
            return;
        }
        link.Close(reason);
        Leave(attempt, reason);
        if (reason == Rejections.SecondInstance.Name)
            Tell(() => callbacks.OnNotice(new SecondInstanceThere(link.PeerKey)));
    }

    private void Leave(LinkAttempt attempt, string reason)
    {
        if (attempt is not { Link: { } link, CurrentSinceMs: { } since })
            return;
        currents.TryRemove(KeyValuePair.Create(link.PeerKey, link));
        foreach (var plan in plans.Of(link.PeerKey))
            plan.Lost(Now(), Now() - since);
        Tell(() => callbacks.OnGone(link, reason));
    }

    private void RefusePlansOf(PublicKey peer)
    {
        foreach (var plan in plans.Of(peer))
            plan.Refused(Now());
    }

    private bool WantsDial(PublicKey peer) => !peers.TryGetValue(peer, out var known) || known.Links.WantsDial;

    /// <summary>Tells the node. An error there must not leave what else is to be done undone.</summary>
    private void Tell(Action tell)
    {
        try
        {
            tell();
        }
        catch (Exception e)
        {
            callbacks.OnError(e);
        }
    }

    private long Now() => Clock.NowMs(time);

    private sealed class Known(PublicKey key, PeerLinks links)
    {
        public PublicKey Key { get; } = key;

        public PeerLinks Links { get; set; } = links;
    }
}
