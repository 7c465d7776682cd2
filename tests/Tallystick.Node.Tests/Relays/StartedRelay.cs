using System.Net;
using Tallystick.Core.Identity;
using Tallystick.Node.Links;
using Tallystick.Node.Relays;

namespace Tallystick.Node.Tests.Relays;

/// <summary>A relay on a free port of loopback, which can be stopped and started again there.</summary>
internal sealed class StartedRelay : IAsyncDisposable
{
    private readonly RelayLimits limits;
    private readonly TimeProvider time;

    public StartedRelay(RelayLimits? limits = null, TimeProvider? time = null)
    {
        (this.limits, this.time) = (limits ?? new RelayLimits(), time ?? TimeProvider.System);
        Relay = Start(port: 0);
        Port = Relay.ListenEndPoint.Port;
    }

    public Relay Relay { get; private set; }

    public int Port { get; }

    public IPEndPoint EndPoint => new(IPAddress.Loopback, Port);

    public PeerAddress Address => At(Port);

    public static PeerAddress At(int port) =>
        PeerAddress.TryParseRelay($"127.0.0.1:{port}", out var address, out var problem)
            ? address
            : throw new InvalidOperationException(problem);

    /// <summary>Where somebody is called through it.</summary>
    public string AddressOf(PublicKey key) => PeerAddress.Through(Address, Fingerprint.Of(key)).ToString();

    public ValueTask StopAsync() => Relay.DisposeAsync();

    public void StartAgain() => Relay = Start(Port);

    public ValueTask DisposeAsync() => Relay.DisposeAsync();

    private Relay Start(int port) => Relay.Start(new IPEndPoint(IPAddress.Loopback, port), limits, time);
}
