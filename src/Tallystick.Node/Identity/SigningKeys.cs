using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Tallystick.Node.Identity;

/// <summary>One key as several <see cref="ECDsa"/> objects, because two threads must not share one.</summary>
internal sealed class SigningKeys(ECParameters parameters) : IDisposable
{
    private readonly ConcurrentStack<ECDsa> idle = [];

    public T Use<T, TArgument>(TArgument argument, Func<ECDsa, TArgument, T> use)
        where TArgument : allows ref struct
    {
        if (!idle.TryPop(out var key))
            key = ECDsa.Create(parameters);
        try
        {
            return use(key, argument);
        }
        finally
        {
            idle.Push(key);
        }
    }

    public void Dispose()
    {
        while (idle.TryPop(out var key))
            key.Dispose();
    }
}
