using System.Net;
using Tallystick.Core.Identity;
using Tallystick.Core.Relays;
using Tallystick.Node.Links;

namespace Tallystick.Node.Relays;

/// <summary>Who is registered, who calls whom, and whom a word brings together. Thread-safe.</summary>
internal sealed class RelayTable(RelayLimits limits, TimeProvider time)
{
    // An account that nobody has used for so long has all of its allowances again.
    private const long ForgottenMs = 60_000;

    private readonly Lock gate = new();
    private readonly Dictionary<Fingerprint, RelayAccount> accounts = [];
    private readonly Dictionary<Fingerprint, RelayGuest> guests = [];
    private readonly Dictionary<IPAddress, int> guestsByAddress = [];
    private readonly Dictionary<Hash, (RelayedStream Stream, bool IsCaller)> tickets = [];
    private readonly HashSet<RelayedStream> streams = [];
    private readonly RelayShares shares = new(limits, time);
    private readonly Dictionary<Hash, List<RelayGuest>> words = [];
    private bool isClosed;

    /// <summary>How many nodes are registered.</summary>
    public int ClientCount
    {
        get
        {
            lock (gate)
                return guests.Count;
        }
    }

    /// <summary>How many streams are open.</summary>
    public int StreamCount
    {
        get
        {
            lock (gate)
                return streams.Count(stream => stream.IsJoined);
        }
    }

    /// <summary>Registers one whose key is proven, in place of an older connection; false when it is full.</summary>
    public bool TryEnter(RelayGuest guest)
    {
        lock (gate)
        {
            var before = guests.GetValueOrDefault(guest.Fingerprint);
            if (isClosed || before is null && guests.Count >= limits.Clients
                || guestsByAddress.GetValueOrDefault(guest.Address) >= limits.ClientsPerAddress
                    && before?.Address.Equals(guest.Address) != true)
                return false;
            if (before is not null)
            {
                LeaveLocked(before);
                before.Close(RelayReasons.Replaced);
            }
            guests[guest.Fingerprint] = guest;
            guestsByAddress[guest.Address] = guestsByAddress.GetValueOrDefault(guest.Address) + 1;
            AccountOf(guest.Fingerprint).Guest = guest;
            return true;
        }
    }

    /// <summary>It is registered no more. Its streams go on.</summary>
    public void Leave(RelayGuest guest)
    {
        lock (gate)
            LeaveLocked(guest);
    }

    /// <summary>How fast the guest may speak.</summary>
    public Pace PaceOf(RelayGuest guest)
    {
        lock (gate)
            return AccountOf(guest.Fingerprint).Messages;
    }

    /// <summary>
    /// Makes a stream on its way, and tells both; or declines it. When all streams are taken, the oldest one that is
    /// still on its way goes for it, of the address that has the most of those.
    /// </summary>
    public void Call(RelayGuest caller, CallMessage call)
    {
        RelayedStream? dropped = null;
        lock (gate)
        {
            var route = new RelayRoute(caller.Fingerprint, caller.Address, call.Callee);
            var reason = WhyNot(route);
            if (reason is null && streams.Count >= limits.Streams)
            {
                dropped = OldestOnItsWay();
                if (dropped is null)
                    reason = RelayReasons.TooMany;
                else
                    Remove(dropped);
            }
            if (reason is null)
                Place(caller, call.Number, route);
            else
                caller.Send(new DeclinedMessage(call.Number, reason));
        }
        dropped?.Dispose();
    }

    /// <summary>Both have come; false when the callee has too many streams, and it is to be ended.</summary>
    public bool TryOpen(RelayedStream stream)
    {
        lock (gate)
        {
            if (!streams.Contains(stream) || IsBusy(stream.Callee))
                return false;
            stream.IsAnswered = true;
            stream.Callee.Answered++;
            return true;
        }
    }

    /// <summary>The stream of a ticket and which end it is, once; null for any other ticket.</summary>
    public (RelayedStream Stream, bool IsCaller)? Use(Hash ticket)
    {
        lock (gate)
            return tickets.Remove(ticket, out var use) ? use : null;
    }

    /// <summary>The stream is over.</summary>
    public void End(RelayedStream stream)
    {
        stream.Dispose();
        lock (gate)
            Remove(stream);
    }

    /// <summary>Tells everybody who named the word of each other; false when too many have.</summary>
    public bool TryMeet(RelayGuest guest, Hash word)
    {
        lock (gate)
        {
            if (guest.Word is not null)
                return guest.Word == word;
            if (guests.GetValueOrDefault(guest.Fingerprint) != guest)
                return true;
            if (!words.TryGetValue(word, out var others))
                words[word] = others = [];
            if (others.Count >= limits.ClientsPerWord)
                return false;
            foreach (var other in others)
            {
                other.Send(new MetMessage(guest.Fingerprint));
                guest.Send(new MetMessage(other.Fingerprint));
            }
            others.Add(guest);
            guest.Word = word;
            return true;
        }
    }

    /// <summary>Ends what is idle and forgets who is gone.</summary>
    public void Sweep()
    {
        var now = Clock.NowMs(time);
        RelayGuest[] silent;
        RelayedStream[] idle;
        lock (gate)
        {
            silent = [.. guests.Values.Where(
                guest => now - guest.HeardMs > limits.ClientIdleTime.TotalMilliseconds)];
            idle = [.. streams.Where(stream => stream.IsIdle(now))];
            shares.Forget();
            foreach (var (owner, account) in accounts)
            {
                if (account is { Guest: null, Called: 0, Answered: 0 } && now - account.UsedMs > ForgottenMs)
                    accounts.Remove(owner);
            }
        }
        foreach (var guest in silent)
            guest.Close(RelayReasons.Silent);
        foreach (var stream in idle)
            End(stream);
    }

    /// <summary>Ends everything; nobody comes in any more.</summary>
    public void Clear()
    {
        RelayGuest[] all;
        RelayedStream[] open;
        lock (gate)
        {
            isClosed = true;
            (all, open) = ([.. guests.Values], [.. streams]);
        }
        foreach (var guest in all)
            guest.Close(RelayReasons.Leaving);
        foreach (var stream in open)
            End(stream);
    }

    private void LeaveLocked(RelayGuest guest)
    {
        if (guests.GetValueOrDefault(guest.Fingerprint) != guest)
            return;
        guests.Remove(guest.Fingerprint);
        var account = AccountOf(guest.Fingerprint);
        (account.Guest, account.UsedMs) = (null, Clock.NowMs(time));
        if (--guestsByAddress[guest.Address] == 0)
            guestsByAddress.Remove(guest.Address);
        if (guest.Word is { } word && words.TryGetValue(word, out var others))
        {
            others.Remove(guest);
            if (others.Count == 0)
                words.Remove(word);
        }
    }

    private string? WhyNot(RelayRoute route)
    {
        var mine = AccountOf(route.Caller);
        return !mine.MayCall() || mine.Called >= limits.StreamsPerClient ? RelayReasons.TooMany
            : !guests.ContainsKey(route.Callee) ? RelayReasons.NotThere
            : IsBusy(AccountOf(route.Callee)) || !shares.MayCall(route) ? RelayReasons.TooMany
            : null;
    }

    private void Place(RelayGuest caller, long number, RelayRoute route)
    {
        var stream = new RelayedStream(route, AccountOf(route.Caller), AccountOf(route.Callee), limits, time);
        stream.Caller.Called++;
        shares.Began(route);
        streams.Add(stream);
        guests[route.Callee].Send(new IncomingMessage(Ticket(stream, isCaller: false)));
        caller.Send(new PlacedMessage(number, Ticket(stream, isCaller: true)));
    }

    private RelayedStream? OldestOnItsWay() => streams
        .Where(stream => !stream.IsJoined)
        .GroupBy(stream => stream.Route.Address)
        .MaxBy(calls => calls.Count())?
        .MinBy(stream => stream.CalledMs);

    private void Remove(RelayedStream stream)
    {
        if (!streams.Remove(stream))
            return;
        stream.Caller.Called--;
        if (stream.IsAnswered)
            stream.Callee.Answered--;
        shares.Ended(stream.Route);
        stream.Caller.UsedMs = stream.Callee.UsedMs = Clock.NowMs(time);
        foreach (var (ticket, _) in tickets.Where(ticket => ticket.Value.Stream == stream).ToArray())
            tickets.Remove(ticket);
    }

    private RelayAccount AccountOf(Fingerprint owner)
    {
        if (!accounts.TryGetValue(owner, out var account))
            account = accounts[owner] = new RelayAccount(owner, limits, time);
        return account;
    }

    private Hash Ticket(RelayedStream stream, bool isCaller)
    {
        var ticket = RandomHash.Next();
        tickets.Add(ticket, (stream, isCaller));
        return ticket;
    }

    private bool IsBusy(RelayAccount callee) => callee.Answered >= limits.StreamsPerClient;
}
