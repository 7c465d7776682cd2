using System.Collections.Immutable;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Links;

/// <summary>One step of <see cref="LinkChoice"/> while it is worked out.</summary>
internal sealed class LinkTurn(PeerLinks before, LinkInput input)
{
    private readonly List<KnownLink> links = [.. before.Links];
    private readonly List<LinkEffect> effects = [];
    private long? current = before.Current;
    private long floor = before.Floor;
    private ulong nextToken = before.NextToken;

    public (PeerLinks State, ImmutableArray<LinkEffect> Effects) Result()
    {
        var after = before with { Current = current, Floor = floor, Links = [.. links], NextToken = nextToken };
        return (after, [.. effects]);
    }

    public void Dial(long number) => links.Add(new KnownLink { Number = number, IDialled = true });

    public void Proven(LinkProven proven)
    {
        links.RemoveAll(l => l.Number == proven.Number);
        var link = new KnownLink
        {
            Number = proven.Number,
            IDialled = proven.IDialled,
            RunId = proven.RunId,
            HeardMs = input.NowMs,
        };
        links.Add(link);
        // It was under way when another was taken. That one's Hellos fence it, so it could not carry the tabs.
        if (link.Number <= floor)
            Close(link, ByeReasons.Replaced);
        else if (!OpensInstancePing(link))
            Admit(link, rests: true);
        KeepFew();
    }

    public void Chosen(long number)
    {
        if (Find(number) is not { RunId: not null } link)
            return;
        if (before.IAmKey0 || link.ChosenHeard)
        {
            Close(link, Rejections.BadEncoding.Name);
            return;
        }
        link = Replace(link, link with { ChosenHeard = true, HeardMs = input.NowMs, IdlePing = null });
        if (!OpensInstancePing(link))
            Admit(link, rests: true);
    }

    public void Pong(long number, ulong token)
    {
        Heard(number);
        if (number != current)
            return;
        foreach (var second in links.Where(l => l.InstancePing?.Token == token).ToArray())
            Close(second, Rejections.SecondInstance.Name);
    }

    public void Heard(long number)
    {
        if (Find(number) is { } link)
            Replace(link, link with { HeardMs = input.NowMs, IdlePing = null });
    }

    public void Closed(long number)
    {
        if (Find(number) is { } link)
            Forget(link);
    }

    public void Time()
    {
        if (links.Exists(l => l.InstancePing is { } ping && ping.DeadlineMs <= input.NowMs) && Find(current) is { } old)
            Close(old, ByeReasons.Silent);
        foreach (var link in links.Where(l => l.RunId is not null && l.InstancePing is null).ToArray())
        {
            if (Find(link.Number) != link || LinkChoice.DueMs(link) > input.NowMs)
                continue;
            if (link.IdlePing is null)
                Replace(link, link with { IdlePing = Ping(link.Number) });
            else
                Close(link, ByeReasons.Silent);
        }
    }

    /// <summary>A proven link that stands in no doubt: taken, or kept until it is.</summary>
    /// <param name="rests">Whether nothing is read from it at present.</param>
    private void Admit(KnownLink link, bool rests)
    {
        // key0 prefers the link it dialled, while that handshake runs; key1 waits to be told.
        var taken = before.IAmKey0 ? !links.Exists(l => l.RunId is null) : link.ChosenHeard;
        if (taken)
            Take(link);
        if (rests)
            effects.Add(new ReadLink(link.Number));
    }

    /// <summary>Takes a link and closes all others: what is signed on this one fences them.</summary>
    private void Take(KnownLink link)
    {
        effects.AddRange(links.Where(l => l.Number != link.Number)
            .Select(l => new CloseLink(l.Number, ByeReasons.Replaced)));
        links.RemoveAll(l => l.Number != link.Number);
        if (before.IAmKey0)
            effects.Add(new SendChosen(link.Number));
        effects.Add(new MakeCurrent(link.Number));
        current = link.Number;
        floor = input.HighestNumber;
    }

    /// <summary>Another process of the peer must not push out one that is alive.</summary>
    private bool OpensInstancePing(KnownLink link)
    {
        if (Find(current) is not { } old || old.RunId == link.RunId)
            return false;
        Replace(link, link with { InstancePing = Ping(old.Number) });
        return true;
    }

    /// <summary>A peer that proves link after link must not fill the memory with them.</summary>
    private void KeepFew()
    {
        while (links.Count > LinkChoice.MaxLinks
            && links.Find(l => l.RunId is not null && l.Number != current) is { } oldest)
        {
            Close(oldest, ByeReasons.TooMany);
        }
    }

    private OpenPing Ping(long number)
    {
        var ping = new OpenPing(nextToken++, input.NowMs + LinkChoice.AnswerMs);
        effects.Add(new SendPing(number, ping.Token));
        return ping;
    }

    private void Close(KnownLink link, string reason)
    {
        effects.Add(new CloseLink(link.Number, reason));
        Forget(link);
    }

    /// <summary>What waited for this link to fail goes on.</summary>
    private void Forget(KnownLink gone)
    {
        links.RemoveAll(l => l.Number == gone.Number);
        if (current == gone.Number)
        {
            current = null;
        }
        else if (gone.RunId is not null || !before.IAmKey0)
        {
            return;
        }
        foreach (var link in links.Where(l => l.RunId is not null).Reverse().ToArray())
        {
            if (current is not null)
                return;
            var rests = link.InstancePing is not null;
            Admit(rests ? Replace(link, link with { InstancePing = null, HeardMs = input.NowMs }) : link, rests);
        }
    }

    private KnownLink? Find(long? number) => links.Find(l => l.Number == number);

    private KnownLink Replace(KnownLink old, KnownLink link)
    {
        links[links.FindIndex(l => l.Number == old.Number)] = link;
        return link;
    }
}
