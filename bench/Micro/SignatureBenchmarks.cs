using BenchmarkDotNet.Attributes;
using Tallystick.Core.Identity;
using Tallystick.Node.Identity;

namespace Tallystick.Bench.Micro;

/// <summary>One P-256 signature over a page's hash, with keys that are imported already.</summary>
public class SignatureBenchmarks
{
    private readonly Hash hash = Hash.Of("page"u8);
    private NodeIdentity identity = null!;
    private PeerVerifier verifier = null!;
    private byte[] signature = [];

    [GlobalSetup]
    public void Prepare()
    {
        identity = NodeIdentity.CreateFresh();
        verifier = PeerVerifier.Create(identity.Key)!;
        signature = identity.Sign(hash);
    }

    [Benchmark]
    public byte[] Sign() => identity.Sign(hash);

    [Benchmark]
    public bool Verify() =>
        verifier.Verify(hash, signature) ? true : throw new InvalidOperationException("The signature is not valid.");

    [GlobalCleanup]
    public void Clean()
    {
        verifier.Dispose();
        identity.Dispose();
    }
}
