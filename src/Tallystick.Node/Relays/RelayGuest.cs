using System.Net;
using System.Threading.Channels;
using Tallystick.Core.Identity;
using Tallystick.Core.Relays;
using Tallystick.Node.Links;

namespace Tallystick.Node.Relays;

/// <summary>The connection of a node that has proven its key to this relay.</summary>
#pragma warning disable CA1001 // The source has no timer and is cancelled late by anyone; there is nothing to dispose.
internal sealed class RelayGuest(
    Fingerprint fingerprint, IPAddress address, RelayChannel channel, RelayLimits limits, TimeProvider time)
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource stop = new();
    private long heardMs = Clock.NowMs(time);
    private string? closeReason;

    private readonly Channel<RelayMessage> outgoing = Channel.CreateBounded<RelayMessage>(
        new BoundedChannelOptions(limits.QueuedMessages)
        {
            SingleReader = true,
            FullMode = BoundedChannelFullMode.Wait,
        });

    public Fingerprint Fingerprint => fingerprint;

    /// <summary>For whom its address counts.</summary>
    public IPAddress Address => address;

    /// <summary>When something last came.</summary>
    public long HeardMs => Interlocked.Read(ref heardMs);

    /// <summary>The word that it named, or null. Guarded by the table.</summary>
    public Hash? Word { get; set; }

    /// <summary>Sends when the network takes it; who does not read is closed.</summary>
    public void Send(RelayMessage message)
    {
        if (!outgoing.Writer.TryWrite(message))
            Close(RelayReasons.TooMany);
    }

    /// <summary>Ends the connection, with a last word if the other side reads.</summary>
    public void Close(string reason)
    {
        Interlocked.CompareExchange(ref closeReason, reason, null);
        _ = stop.CancelAsync();
    }

    /// <summary>Reads and writes until it ends.</summary>
    public async Task RunAsync(RelayTable table)
    {
        Send(new RegisteredMessage());
        var writing = WriteAllAsync();
        try
        {
            var pace = table.PaceOf(this);
            while (true)
            {
                var message = await channel.ReadAsync(stop.Token);
                await pace.TakeAsync(1, stop.Token);
                Handle(table, message);
            }
        }
        catch (Exception e) when (LinkEnds.IsExpected(e))
        {
            Close((e as LinkRefusedException)?.Reason ?? LinkEnds.Lost);
        }
        table.Leave(this);
        outgoing.Writer.TryComplete();
        await writing;
        await SayGoodbyeAsync();
    }

    private void Handle(RelayTable table, RelayMessage message)
    {
        Interlocked.Exchange(ref heardMs, Clock.NowMs(time));
        switch (message)
        {
            case RelayPingMessage:
                Send(new RelayPongMessage());
                break;
            case CallMessage call:
                table.Call(this, call);
                break;
            case MeetMessage meet when table.TryMeet(this, meet.Word):
                break;
            case MeetMessage:
                throw new LinkRefusedException(RelayReasons.TooMany);
            default:
                throw new LinkRefusedException(RelayReasons.BadEncoding);
        }
    }

    private async Task WriteAllAsync()
    {
        try
        {
            await foreach (var message in outgoing.Reader.ReadAllAsync(stop.Token))
                await channel.SendAsync(message, stop.Token);
        }
        catch (Exception e) when (LinkEnds.IsExpected(e))
        {
            Close(LinkEnds.Lost);
        }
    }

    // Whoever does not listen is not waited for.
    private async Task SayGoodbyeAsync()
    {
        if (closeReason is null or LinkEnds.Lost)
            return;
        using var expiry = new CancellationTokenSource(limits.Port.FarewellTime, time);
        try
        {
            await channel.SendAsync(new RelayByeMessage(closeReason), expiry.Token);
        }
        catch (Exception e) when (LinkEnds.IsExpected(e))
        {
            // It is over either way.
        }
    }
}
