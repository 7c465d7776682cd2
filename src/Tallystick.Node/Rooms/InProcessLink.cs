using System.IO.Pipelines;
using System.Net;
using Tallystick.Core.Identity;
using Tallystick.Core.Sync;
using Tallystick.Node.Links;

namespace Tallystick.Node.Rooms;

/// <summary>
/// A link between two ledgers of one process: the same frames as between two nodes, over two pipes. Nobody else can
/// reach it, so it needs no TLS and no proof of keys.
/// </summary>
internal static class InProcessLink
{
    // The only link that these ledgers ever have; with another process come other bindings.
    public const long Number = 1;

    /// <summary>Both ends, the first that of <paramref name="first"/>.</summary>
    public static (PeerLink OfFirst, PeerLink OfSecond) Join(PublicKey first, PublicKey second, TimeProvider time)
    {
        var (toFirst, toSecond) = (new Pipe(), new Pipe());
        var binding = new LinkBinding(RandomHash.Next(), RandomHash.Next(), RandomHash.Next(), RandomHash.Next());
        return (
            End(toSecond.Writer, toFirst.Reader, second, isDialler: true),
            End(toFirst.Writer, toSecond.Reader, first, isDialler: false));

        PeerLink End(PipeWriter write, PipeReader read, PublicKey peer, bool isDialler)
        {
            return new PeerLink(write.AsStream(), new FrameReader(read), new LinkLimits(), time)
            {
                Number = Number,
                Binding = binding,
                PeerGreeting = new Greeting(peer, "room", RandomHash.Next(), RandomHash.Next(), 0, 1, 1),
                IDialled = isDialler,
                Remote = new IPEndPoint(IPAddress.Loopback, 0),
            };
        }
    }
}
