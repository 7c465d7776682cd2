using System.Numerics;
using System.Security.Cryptography;
using Tallystick.Core.Identity;

namespace Tallystick.Node.Identity;

/// <summary>P-256 points between their compressed form, which is an identity, and coordinates.</summary>
internal static class CurvePoint
{
    private const int CoordinateSize = 32;

    // The field's prime, 2^256 − 2^224 + 2^192 + 2^96 − 1, and the curve's constant b; a is −3.
    private static readonly BigInteger Prime =
        (BigInteger.One << 256) - (BigInteger.One << 224) + (BigInteger.One << 192) + (BigInteger.One << 96) - 1;

    private static readonly BigInteger ConstantB = FromBytes(
        Convert.FromHexString("5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B"));

    /// <summary>The coordinates; false when no point of the curve has this x.</summary>
    public static bool TryDecompress(PublicKey key, out ECPoint point)
    {
        point = default;
        Span<byte> bytes = stackalloc byte[PublicKey.Size];
        key.CopyTo(bytes);
        var x = FromBytes(bytes[1..]);
        if (bytes[0] is not (2 or 3) || x >= Prime)
            return false;
        var square = (x * x * x - 3 * x + ConstantB) % Prime;
        if (square.Sign < 0)
            square += Prime;
        // The prime is 3 modulo 4, so this power is a root whenever there is one.
        var y = BigInteger.ModPow(square, (Prime + 1) / 4, Prime);
        if (y * y % Prime != square)
            return false;
        var wantsOdd = bytes[0] == 3;
        if (y.IsEven == wantsOdd)
            y = Prime - y;
        point = new ECPoint { X = bytes[1..].ToArray(), Y = ToBytes(y) };
        return true;
    }

    /// <summary>The identity of a point; false when it is not on the curve.</summary>
    public static bool TryCompress(ECPoint point, out PublicKey key)
    {
        key = default;
        if (point.X is not { Length: CoordinateSize } x || point.Y is not { Length: CoordinateSize } y)
            return false;
        byte[] compressed = [(byte)(2 + (y[^1] & 1)), .. x];
        return PublicKey.TryCreate(compressed, out key)
            && TryDecompress(key, out var again)
            && y.AsSpan().SequenceEqual(again.Y);
    }

    private static BigInteger FromBytes(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static byte[] ToBytes(BigInteger value)
    {
        var bytes = new byte[CoordinateSize];
        var written = value.GetByteCount(isUnsigned: true);
        value.TryWriteBytes(bytes.AsSpan(CoordinateSize - written), out _, isUnsigned: true, isBigEndian: true);
        return bytes;
    }
}
