using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace Tallystick.Ordeal.Checking;

/// <summary>A P-256 key from its 33 bytes: x, and which of the two roots y is.</summary>
internal sealed class CurveKey : IDisposable
{
    private static readonly BigInteger P = Hex("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF");
    private static readonly BigInteger B = Hex("5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B");
    private readonly ECDsa key;

    public CurveKey(byte[] compressed)
    {
        var x = new BigInteger(compressed.AsSpan(1), isUnsigned: true, isBigEndian: true);
        // p leaves 3 when divided by 4, so this power is a root if there is one.
        var y = BigInteger.ModPow((x * x * x - 3 * x + B) % P, (P + 1) / 4, P);
        if (y.IsEven != (compressed[0] == 2))
            y = P - y;
        key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = compressed[1..], Y = Bytes32(y) },
        });
    }

    public bool Signed(byte[] bytes, byte[] signature) =>
        key.VerifyData(bytes, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    public void Dispose() => key.Dispose();

    private static byte[] Bytes32(BigInteger value)
    {
        var bytes = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[32 - bytes.Length], .. bytes];
    }

    private static BigInteger Hex(string digits) =>
        BigInteger.Parse("0" + digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
