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

    /// <summary>Makes a stream on its way, and tells both; or declines it.</summary>
    public void Call(RelayGuest caller, CallMessage call)
    {
        lock (gate)
        {
            var mine = AccountOf(caller.Fingerprint);
            var reason = !mine.MayCall() || streams.Count >= limits.Streams || IsBusy(mine) ? RelayReasons.TooMany
                : !guests.ContainsKey(call.Callee) ? RelayReasons.NotThere
                : IsBusy(AccountOf(call.Callee)) ? RelayReasons.TooMany
                : null;
            if (reason is not null)
            {
                caller.Send(new DeclinedMessage(call.Number, reason));
                return;
            }
            var stream = new RelayedStream(mine, AccountOf(call.Callee), limits, time);
            stream.Caller.Streams++;
            stream.Callee.Streams++;
            streams.Add(stream);
            guests[call.Callee].Send(new IncomingMessage(Ticket(stream, isCaller: false)));
            caller.Send(new PlacedMessage(call.Number, Ticket(stream, isCaller: true)));
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
        {
            if (!streams.Remove(stream))
                return;
            stream.Caller.Streams--;
            stream.Callee.Streams--;
            stream.Caller.UsedMs = stream.Callee.UsedMs = Clock.NowMs(time);
            foreach (var (ticket, _) in tickets.Where(ticket => ticket.Value.Stream == stream).ToArray())
                tickets.Remove(ticket);
        }
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
            foreach (var (owner, account) in accounts)
            {
                if (account is { Guest: null, Streams: 0 } && now - account.UsedMs > ForgottenMs)
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

    private bool IsBusy(RelayAccount account) => account.Streams >= limits.StreamsPerClient;
}
