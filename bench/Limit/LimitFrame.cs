using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Node.Identity;

namespace Tallystick.Bench.Limit;

/// <summary>Random bytes of the size of a real page, and behind them a real signature over their hash.</summary>
internal static class LimitFrame
{
    private const int SignatureSize = PeerVerifier.SignatureSize;

    /// <summary>The size of a page with so many payments; none for a receipt.</summary>
    public static int SizeFor(int payments)
    {
        var line = new PayLine(new RequestId(UInt128.MaxValue), Amount.FromUnits(1), string.Empty);
        return PageCodec.LargestSize(payments, payments * LineCodec.EncodedSize(line)) + SignatureSize;
    }

    public static byte[] Sign(NodeIdentity identity, int size)
    {
        var frame = GC.AllocateUninitializedArray<byte>(size);
        Random.Shared.NextBytes(frame.AsSpan(..^SignatureSize));
        identity.Sign(Hash.Of(BytesOf(frame))).CopyTo(frame, size - SignatureSize);
        return frame;
    }

    /// <exception cref="InvalidDataException">The signature is not the other's.</exception>
    public static void Verify(PeerVerifier other, byte[] frame)
    {
        if (!other.Verify(Hash.Of(BytesOf(frame)), SignatureOf(frame)))
            throw new InvalidDataException("The signature does not hold.");
    }

    public static ReadOnlySpan<byte> BytesOf(byte[] frame) => frame.AsSpan(..^SignatureSize);

    public static ReadOnlySpan<byte> SignatureOf(byte[] frame) => frame.AsSpan(^SignatureSize..);
}
