using System.Threading.Channels;
using Tallystick.Cli.Sentences;
using Tallystick.Client;

namespace Tallystick.Cli.Shell;

/// <summary>Tells a person what happens while they type, at a pace that can be read.</summary>
internal sealed class NoticeTeller(
    TallystickClient client, Conversation conversation, ShellOptions options, NodeInfo node)
{
    private readonly NoticeSummer summer = new();
    private readonly Dictionary<string, bool> online = new(StringComparer.OrdinalIgnoreCase);
    private readonly string defaultAsset = node.Assets.Count > 0 ? node.Assets[0].Split('/')[0] : string.Empty;

    /// <summary>Runs until cancelled. Never throws for what a node or a network can cause.</summary>
    /// <param name="changed">Called when peers may have changed.</param>
    public async Task RunAsync(Func<CancellationToken, Task> changed, CancellationToken cancel)
    {
        // Bounded and waiting: a flood stays in the socket, where it costs the sender.
        var notices = Channel.CreateBounded<Notice>(
            new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
        var receiving = ReceiveAsync(notices.Writer, changed, cancel);
        try
        {
            while (await NextAsync(notices.Reader, cancel))
            {
                while (notices.Reader.TryRead(out var notice))
                    Tell(notice);
                TellHeld(summer.TakeDue(options.Time.GetUtcNow()));
            }
        }
        catch (OperationCanceledException)
        {
            TellHeld(summer.TakeAll());
        }
        await receiving;
    }

    /// <summary>Waits for a notice, or until those that are held are due. False when no more come.</summary>
    private async Task<bool> NextAsync(ChannelReader<Notice> notices, CancellationToken cancel)
    {
        if (summer.Due is not { } due)
            return await notices.WaitToReadAsync(cancel);
        var left = due - options.Time.GetUtcNow();
        if (left <= TimeSpan.Zero)
            return true;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var pause = Task.Delay(left, options.Time, over.Token);
        var arrival = notices.WaitToReadAsync(over.Token).AsTask();
        var first = await Task.WhenAny(pause, arrival);
        var more = first == pause || await arrival;
        await over.CancelAsync();
        cancel.ThrowIfCancellationRequested();
        return more;
    }

    private async Task ReceiveAsync(
        ChannelWriter<Notice> notices, Func<CancellationToken, Task> changed, CancellationToken cancel)
    {
        try
        {
            await foreach (var notice in client.NoticesAsync(() => CompareAsync(notices, changed, cancel), cancel))
            {
                // What one's own person did, in this program or another, is no news to them.
                if (notice.Kind is not (NoticeKinds.Settlement or NoticeKinds.Missed))
                    await notices.WriteAsync(notice, cancel);
                if (notice.Kind is NoticeKinds.Connected or NoticeKinds.Joined or NoticeKinds.Knock
                    || notice.Settlement is not null)
                    await changed(cancel);
            }
        }
        catch (Exception broken) when (broken is OperationCanceledException or TallystickException)
        {
            // Cancelled, or the token is not accepted: then every command says so.
        }
    }

    /// <summary>What happened to peers while no notices came is told when they come again.</summary>
    private async Task CompareAsync(
        ChannelWriter<Notice> notices, Func<CancellationToken, Task> changed, CancellationToken cancel)
    {
        await changed(cancel);
        try
        {
            foreach (var peer in (await client.GetPeersAsync(cancel)).Known)
            {
                var kind = peer.Online ? NoticeKinds.Connected : NoticeKinds.Disconnected;
                var isNews = peer.Online || IsOnline(peer.Name);
                if (isNews)
                    await notices.WriteAsync(new Notice(kind, peer.Name, null, null, null, null), cancel);
            }
        }
        catch (Exception broken) when (broken is NodeUnreachableException or TallystickException)
        {
            // The next notice or command tells.
        }
    }

    private void Tell(Notice notice)
    {
        if (notice.Kind is NoticeKinds.Connected or NoticeKinds.Disconnected && !IsChange(notice))
            return;
        if (summer.ShowsAtOnce(notice, options.Time.GetUtcNow()))
            Say(NoticeSentences.Of(notice, defaultAsset), NoticeSentences.Emoji(notice.Kind));
    }

    private void TellHeld(IReadOnlyList<Notice> held)
    {
        var (apart, summed) = NoticeSummer.Divide(held);
        foreach (var notice in apart)
            Say(NoticeSentences.Of(notice, defaultAsset), NoticeSentences.Emoji(notice.Kind));
        if (summed.Count > 0)
            Say(NoticeSentences.Summed(summed, defaultAsset), NoticeSentences.Emoji(summed[0].Kind));
    }

    /// <summary>A link that is replaced is no news: only what differs from what was last told.</summary>
    private bool IsChange(Notice notice)
    {
        var isOnline = notice.Kind == NoticeKinds.Connected;
        lock (online)
        {
            if (online.TryGetValue(notice.Peer, out var was) && was == isOnline)
                return false;
            online[notice.Peer] = isOnline;
            return true;
        }
    }

    private bool IsOnline(string peer)
    {
        lock (online)
            return online.GetValueOrDefault(peer);
    }

    private void Say(string sentence, string emoji) =>
        conversation.Say([options.Plain ? sentence : $"{emoji} {sentence}"]);
}
