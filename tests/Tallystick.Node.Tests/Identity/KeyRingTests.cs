using Tallystick.Core.Identity;
using Tallystick.Node.Identity;

namespace Tallystick.Node.Tests.Identity;

public sealed class KeyRingTests
{
    [Fact]
    public void A_forgotten_key_is_imported_again()
    {
        using var identity = NodeIdentity.CreateFresh();
        var hash = Hash.Of("a page"u8);
        var signature = identity.Sign(hash);
        var keys = new KeyRing();
        Assert.True(keys.Verify(identity.Key, hash, signature));

        keys.Forget();

        Assert.True(keys.Verify(identity.Key, hash, signature));
        Assert.False(keys.Verify(identity.Key, Hash.Of("another"u8), signature));
    }

    [Fact]
    public async Task Keys_are_forgotten_while_others_verify()
    {
        using var identity = NodeIdentity.CreateFresh();
        var hash = Hash.Of("a page"u8);
        var signature = identity.Sign(hash);
        var keys = new KeyRing();
        var verifying = Enumerable.Range(0, 4)
            .Select(_ => Task.Run(() => Enumerable.Range(0, 200)
                .All(_ => keys.Verify(identity.Key, hash, signature))))
            .ToArray();

        while (!verifying.All(task => task.IsCompleted))
            keys.Forget();

        Assert.All(await Task.WhenAll(verifying), Assert.True);
    }
}
